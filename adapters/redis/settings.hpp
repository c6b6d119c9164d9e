#pragma once

#include "adapters/redis/breaker.hpp"
#include "platform/base/secret.hpp"
#include "platform/base/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace backline::redis {

/// Where the server is and how patient we are with it.
struct Settings {
    std::string host = "127.0.0.1";
    std::uint16_t port = 6379;
    int database = 0;
    std::string user{}; ///< Empty: the server's default user.
    Secret<std::string> password{};
    bool tls = false;
    std::string ca_file{};            ///< Whom to trust; empty: whom the machine trusts.
    std::string prefix = "backline:"; ///< Of every key, so that shops can share a server.

    Duration connects_within{200}; ///< With everything that comes before the first command.
    Duration answers_within{50};
    Duration hangs_after{1'000}; ///< Silent for so long, a connection is given up for a new one.
    Duration reconnect_first{50};
    Duration reconnect_longest{2'000};
    Breaker::Settings breaker{};
    std::size_t in_flight_max = 4'096;
    std::size_t waiting_bytes_max = 16U << 20U; ///< Of commands that the server has not taken yet.
    std::size_t reply_bytes_max = 8U << 20U;

    /// Told whenever the server comes or goes: an empty text, or why it is away. For the log.
    std::function<void(const std::string& why_away)> on_change{};
};

/// `redis://user:password@host:port/database`, `rediss://` for TLS; all but the host may be left out, and what stands
/// percent-escaped is read. Nothing if it is no such address.
[[nodiscard]] std::optional<Settings> settings_of(std::string_view url);

} // namespace backline::redis
