#pragma once

#include "adapters/mongo/documents.hpp"
#include "adapters/mongo/session.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string>

/// What became of a commit whose reply was lost. Each commit leaves its operation in the document, so the document
/// itself can be asked. The decision is pure.
namespace backline::mongo {

/// How one attempt to commit ended.
struct Attempt {
    enum class Kind {
        committed,
        conflict,  ///< The document is another version, or there is none.
        duplicate, ///< Of `index`.
        not_sent,
        refused,
        doubtful,
    } kind = Kind::doubtful;
    std::string index{};
    std::string cause{};
    bool may_come_late = false; ///< No server has said that it is through with it.
};

/// Sends the commit and waits for the majority.
[[nodiscard]] Attempt try_commit(
    Session& session,
    const Layout& layout,
    const Write& write,
    Instant now,
    const Settings& settings
);

/// What is known of a document after a doubtful attempt. `remembered` operations are those of its last versions.
struct Trace {
    std::int64_t version = 0; ///< 0: there is no document.
    std::int64_t remembered = 0;
    bool ours = false; ///< The commit's own operation is among them.
};

/// Reads what a majority agrees on now.
[[nodiscard]] Trace look_for(Session& session, const Layout& layout, const store::Commit& commit);

enum class Verdict {
    committed,
    conflict,   ///< Another commit took its place; ours can never take place any more.
    still_open, ///< It has not taken place, but may still be under way. Sending it again is safe.
    lost,       ///< So many commits came after it that nobody can say.
};

[[nodiscard]] Verdict judge(const Trace& trace, std::int64_t base_version);

} // namespace backline::mongo
