#pragma once

#include "platform/base/secret.hpp"
#include "platform/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace backline::mongo {

/// The fullest outbox of one collection. A document may have 16 MB, and its outbox is a part of it.
struct FullestOutbox {
    std::string collection; ///< `orders.orders`
    std::int64_t events = 0;
    std::int64_t bytes = 0; ///< Of the largest one, which may be another document's.
};

/// How a `MongoStore` runs. The defaults are for production.
struct Settings {
    /// `mongodb://user@host1,host2/?replicaSet=...&authSource=...`. May hold the password, so it is never shown.
    Secret<std::string> url;
    Secret<std::string> password; ///< Empty: the one in `url`, if any.
    std::string ca_file;          ///< Turns TLS on and says whom to trust; empty: what `url` says.
    std::string app_name = "backline"; ///< What the server's log and its fail points call us.
    std::string database_prefix = "backline_"; ///< The database of `orders` is `backline_orders`.

    std::size_t connections = 8;    ///< As many as the lane has threads.
    std::size_t waiting_max = 4096; ///< Calls waiting for a connection; more are `not_done`.
    Duration waits_within{5000};    ///< A call that waited longer is `not_done`, too.
    Duration commits_within{8000};  ///< Looking for the outcome of a commit ends after this.
    Duration selects_server_within{3000};
    Duration connects_within{2000};
    Duration runs_within{2000
    }; ///< One operation on the server (`maxTimeMS`), with its way to the majority.
    Duration replicates_within{5000}; ///< `wtimeout`; the shorter of the two counts (measured).
    Duration answers_within{4000};    ///< Or the connection is given up. More than `runs_within`.
    Duration remembers_operations_for{60'000}; ///< More than any deadline; see `documents.hpp`.
    /// Servers start in any order; a shop's start waits so long for them.
    Duration opens_within{20'000};
    /// Settled events that no commit takes along leave their documents together, so long after the first of them. Less
    /// than the age at which other processes adopt them.
    Duration gathers_for{100};
    Duration tidies_every{1000}; ///< Counts the backlog, moves log entries.
    /// Told on the loop of each collection, each time that the backlog is counted. Must not throw.
    std::function<void(const FullestOutbox&)> on_counted{};
};

} // namespace backline::mongo
