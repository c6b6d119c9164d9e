#include "services/users/sessions/reactions.hpp"

#include "platform/async/wait.hpp"

#include <limits>

namespace backline::users {

namespace {

constexpr std::int64_t changes_max = std::numeric_limits<std::int64_t>::max();
constexpr Duration feed_read_every{10'000};
constexpr Duration start_waits_max{5'000};
constexpr Duration start_asks_every{100};

} // namespace

Task<> SessionReactions::session_ended(Message, SessionEnded event) {
    on_ended_(event.session.text(), event.tokens_expire_at);
    if (feed_ == nullptr) co_return;
    const bool published = co_await feed_->publish({event.session.text(), event.tokens_expire_at});
    if (!published) ++missed_;
}

Task<> SessionReactions::roles_changed(Message message, RolesChanged event) {
    // Older programs did not tell which change it was.
    const std::int64_t change = event.change > 0 ? event.change : changes_max;
    return sessions_.end_older(event.user, change, message.cause);
}

Task<> SessionReactions::resync() {
    ++missed_;
    co_await sessions_.tell_ended();
    co_await mend_feed();
}

/// A session that ends after the store was read is on its way here as an event, or is found by the `resync` that
/// follows.
Task<> SessionReactions::mend_feed() {
    if (feed_ == nullptr) co_return;
    const bool whole = co_await feed_->whole();
    if (whole && mended_ == missed_) co_return;
    const std::uint64_t missed = missed_;
    std::vector<security::EndedSession> all = co_await sessions_.ended();
    const bool restored = co_await feed_->restore(std::move(all));
    if (restored) mended_ = missed;
}

Task<> SessionWatch::session_ended(Message, SessionEnded event) {
    on_ended_(event.session.text(), event.tokens_expire_at);
    co_return;
}

Task<> SessionWatch::start() {
    const Monotonic until = runtime_.now().monotonic + start_waits_max;
    bool known = co_await read();
    while (!known && runtime_.now().monotonic < until) {
        co_await sleep_for(runtime_, start_asks_every);
        known = co_await read();
    }
}

Task<> SessionWatch::resync() {
    due_ = {};
    return read_when_due();
}

Task<> SessionWatch::read_when_due() {
    if (runtime_.now().monotonic >= due_) co_await read();
}

Task<bool> SessionWatch::read() {
    const auto all = co_await feed_.all();
    if (!all) co_return false;
    for (const security::EndedSession& each : *all) on_ended_(each.session, each.until);
    due_ = runtime_.now().monotonic + feed_read_every;
    co_return true;
}

} // namespace backline::users
