#include "adapters/mongo/committing.hpp"

namespace backline::mongo {

using store::CommitResult;
using Kind = Attempt::Kind;

namespace {

constexpr Duration pause{100};

/// Nothing if the attempt leaves it open what became of the commit.
std::optional<CommitResult> result_of(const Attempt& attempt) {
    switch (attempt.kind) {
    case Kind::committed:
        return CommitResult{};
    case Kind::conflict:
        return CommitResult{CommitResult::Kind::conflict};
    case Kind::duplicate:
        return CommitResult{CommitResult::Kind::duplicate, attempt.index};
    case Kind::not_sent:
    case Kind::refused:
    case Kind::doubtful:
        break;
    }
    return std::nullopt;
}

} // namespace

Task<Attempt> Committing::attempt() {
    const Instant now = workshop_.loop().now().utc;
    const auto work = [this, now](Session& session) {
        return try_commit(session, layout_, write_, now, workshop_.settings());
    };
    Attempt made;
    try {
        made = co_await workshop_.run(work);
    } catch (const Failed& failed) {
        made = {Kind::not_sent, {}, failed.what()};
    } catch (const Unavailable& away) {
        made = {Kind::not_sent, {}, away.what()};
    }
    may_come_late_ = may_come_late_ || made.may_come_late;
    co_return made;
}

/// Nothing if nobody could be asked.
Task<std::optional<Verdict>> Committing::ask() {
    const auto work = [this](Session& session) {
        return look_for(session, layout_, write_.commit);
    };
    try {
        const Trace trace = co_await workshop_.ask(work);
        co_return judge(trace, write_.commit.base_version);
    } catch (const Unavailable&) {
        // The loop around asks again for as long as there is time.
    }
    co_return std::nullopt;
}

Task<std::optional<CommitResult>> Committing::resolve() {
    const std::optional<Verdict> verdict = co_await ask();
    if (verdict == Verdict::committed) co_return CommitResult{};
    if (verdict == Verdict::conflict) co_return CommitResult{CommitResult::Kind::conflict};
    if (verdict != Verdict::still_open) co_return std::nullopt;
    const Attempt again = co_await attempt();
    // A refusal is the last word only if none of the attempts before can still take place.
    const bool last_word = again.kind == Kind::committed || !may_come_late_;
    co_return last_word ? result_of(again) : std::nullopt;
}

Task<CommitResult> Committing::run() {
    Runtime& loop = workshop_.loop();
    const Monotonic give_up_at = loop.now().monotonic + workshop_.settings().commits_within;
    const Attempt first = co_await attempt();
    if (const auto result = result_of(first)) co_return *result;
    if (first.kind != Kind::doubtful) {
        throw Unavailable(Unavailable::Outcome::not_done, first.cause);
    }
    do { // Once at least, however long the attempt took.
        const std::optional<CommitResult> result = co_await resolve();
        if (result) co_return *result;
        co_await sleep_for(loop, pause);
    } while (loop.now().monotonic < give_up_at);
    throw Unavailable(Unavailable::Outcome::unknown, first.cause);
}

} // namespace backline::mongo
