#pragma once

#include "adapters/mongo/unknown.hpp"
#include "adapters/mongo/workshop.hpp"

namespace backline::mongo {

/// One commit on its way to an outcome that is certain. After a doubtful attempt the document is asked, and the commit
/// is sent again for as long as its base is what is there: comparing the version makes that safe. Lives in its caller's
/// frame.
class Committing final {
public:
    Committing(Workshop& workshop, const Layout& layout, const Write& write)
        : workshop_(workshop)
        , layout_(layout)
        , write_(write) {}

    /// Throws `Unavailable`: `not_done` if no server ever saw it or will do it, `unknown` if nobody could be asked
    /// within the deadline.
    Task<store::CommitResult> run();

private:
    Task<Attempt> attempt();
    Task<std::optional<Verdict>> ask();
    Task<std::optional<store::CommitResult>> resolve();

    Workshop& workshop_;
    const Layout& layout_;
    const Write& write_;
    bool may_come_late_ = false; ///< An attempt that nobody answered may take place at any time.
};

} // namespace backline::mongo
