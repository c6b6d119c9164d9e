#pragma once

#include "adapters/mongo/documents.hpp"
#include "adapters/mongo/session.hpp"

#include <optional>
#include <string>
#include <vector>

/// What the port reads, as blocking calls on one session.
namespace backline::mongo {

[[nodiscard]] std::optional<store::Stored> find_document(
    Session& session, const Layout& layout, const std::string& id
);

[[nodiscard]] std::vector<store::Stored> scan_documents(
    Session& session, const Layout& layout, const std::string& after, std::size_t limit
);

/// A page over a unique index that is not a look-up needs its paging index.
[[nodiscard]] std::vector<store::Found> read_page(
    Session& session, const Layout& layout, const store::Query& query
);

/// The options of the find that `read_page` makes; nothing if no document can match.
struct PagePlan {
    Bson filter;
    Bson options;
};

[[nodiscard]] std::optional<PagePlan> plan_page(const Layout& layout, const store::Query& query);

/// First what still lies in the document, then what was moved, since entries only ever go that way.
[[nodiscard]] std::vector<store::LogEntry> read_log(
    Session& session,
    const Layout& layout,
    const std::string& aggregate,
    std::int64_t after,
    std::size_t limit
);

/// The events that wait in one document.
struct Waiting {
    std::string id;
    std::vector<store::EventRecord> events;
};

/// The next documents with something in their outbox, from `first` on, by id.
[[nodiscard]] std::vector<Waiting> read_outbox(
    Session& session, const Layout& layout, const std::string& first, std::size_t limit
);
[[nodiscard]] PagePlan plan_outbox(const std::string& first, std::size_t limit);

/// What waits in the outboxes of a collection: all events, and what the fullest one holds.
struct OutboxCount {
    std::int64_t events = 0;
    std::int64_t most_events = 0;
    std::int64_t most_bytes = 0;
};

[[nodiscard]] OutboxCount count_outbox(Session& session, const Layout& layout);

} // namespace backline::mongo
