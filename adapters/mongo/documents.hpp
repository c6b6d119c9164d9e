#pragma once

#include "adapters/mongo/bson.hpp"
#include "adapters/mongo/layout.hpp"
#include "adapters/mongo/settings.hpp"
#include "platform/store/store.hpp"

#include <string>
#include <vector>

/// How documents, events and log entries lie in MongoDB. Pure.
///
/// A document is `{_id, version, events, entries, schema, body, keys, outbox, log, ops}`. Each commit adds its
/// operation to `ops`, so the `n` operations there are those of the last `n` versions: what `unknown.hpp` stands on.
/// They are dropped when they are older than any deadline, or when there are more than `operations_max`.
namespace backline::mongo {

inline constexpr std::int64_t operations_max = 128;

/// A commit, and events of its document that were settled meanwhile: they leave the outbox with it.
struct Write {
    const store::Commit& commit;
    std::vector<std::string> settled;
};

/// The command that makes a commit: an insert, or an update of its base version.
[[nodiscard]] Bson commit_command(
    const Layout& layout, const Write& write, Instant now, const Settings& settings
);

/// What the server itself holds documents to (`validator`) in a collection that we have made: what commits and the
/// relay stand on. Not the body, which has been validated, and not at any length: it is looked at with every write.
[[nodiscard]] Bson document_shape();

/// What `read_document` needs of a document.
[[nodiscard]] Bson document_fields();
[[nodiscard]] store::Stored read_document(const View& document);

[[nodiscard]] store::EventRecord read_event(const View& event);

/// An entry in its document's `log`.
[[nodiscard]] store::LogEntry read_entry(std::string aggregate, const View& entry);

/// An entry as a document of the log's own collection, and back.
[[nodiscard]] Bson moved_entry(const store::LogEntry& entry);
[[nodiscard]] store::LogEntry read_moved_entry(const View& document);
[[nodiscard]] Bson moved_entry_id(const std::string& aggregate, std::int64_t number);

/// `maxTimeMS`, as every command has it.
[[nodiscard]] Bson within(Bson command, Duration time);

} // namespace backline::mongo
