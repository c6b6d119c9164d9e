#pragma once

#include "adapters/mongo/layout.hpp"
#include "adapters/mongo/reads.hpp"
#include "adapters/mongo/workshop.hpp"
#include "platform/async/task_group.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace backline::mongo {

/// The opened collections by their full names.
using Collections = std::map<std::string, Layout>;

/// The outboxes of all collections as one: what waits in them, and what is to be taken out. Settled events leave with
/// the next commit of their document, or are pulled in the background, as many at once as have gathered; until then
/// they are only passed over, and a crash in between sends them again. Loop thread only.
class Outbox final {
public:
    Outbox(Workshop& workshop, const Collections& collections)
        : workshop_(workshop)
        , collections_(collections) {}

    void committed(std::size_t events) { change_ += static_cast<std::int64_t>(events); }

    void settle(std::vector<std::string> event_ids);

    /// The settled events of a document that nobody has begun to pull, for its next commit to take out. What became of
    /// that is to be told with `left` or `stayed`.
    [[nodiscard]] std::vector<std::string> take_settled(
        const std::string& collection, const std::string& document
    );
    void left(const std::vector<std::string>& event_ids);
    void stayed(const std::vector<std::string>& event_ids);

    Task<std::vector<store::Store::Pending>> pending(std::string after, std::size_t limit);

    [[nodiscard]] std::size_t backlog() const;

    /// Counts what waits on the server, other processes' events too.
    Task<> count();

    /// Resolves once everything that was settled is pulled, or a last try has failed.
    Task<> stop();

private:
    class Walk;

    /// What to pull out of each document of one collection.
    using Pulls = std::map<std::string, std::vector<std::string>>;

    struct Round {
        bool pulled = true;   ///< All that was tried.
        bool crowded = false; ///< Some had to wait for the next one.
    };

    void add_pull(const std::string& event_id);
    Task<> pull_until_done();
    Task<> gather();
    Task<Round> pull_in_turn();
    std::pair<std::string, Pulls> next_pulls();
    Task<> pull(const Layout& layout, const Pulls& pulls);
    void forget_pulled();
    void tell(const std::string& collection, const OutboxCount& count);

    Workshop& workshop_;
    const Collections& collections_;

    std::map<std::string, Pulls> to_pull_; ///< By collection; none is empty.
    std::string had_its_turn_;             ///< The collection that was pulled from last.
    std::set<std::string> settled_;        ///< Not handed out any more.
    std::vector<std::string> pulled_; ///< But a `pending` that began before may still bring them.
    std::size_t walks_ = 0;           ///< Calls of `pending` that are under way.
    bool pulling_ = false;
    bool stopping_ = false;

    std::int64_t counted_ = 0;
    std::int64_t change_ = 0; ///< By this process since the last count began.

    TaskGroup tasks_;
};

/// The document that raised an event, by the event's id (`orders.carts/<id>/<sequence>`).
struct Origin {
    std::string collection;
    std::string document;
};

[[nodiscard]] Origin origin_of(const std::string& event_id);

/// Where a page of pending events ended.
struct Place {
    std::string collection;
    std::int64_t sequence = 0;
    std::string document;
};

[[nodiscard]] std::string place_text(const Place& place);
[[nodiscard]] Place place_of(const std::string& text);

} // namespace backline::mongo
