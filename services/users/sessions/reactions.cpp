#include "services/users/sessions/reactions.hpp"

namespace backline::users {

namespace {

/// Longer than a commit takes: a session that began later was given the new roles.
constexpr Duration change_takes_max{10'000};

} // namespace

Task<> SessionReactions::session_ended(Message, SessionEnded event) {
    on_ended_(event.session.text(), event.tokens_expire_at);
    co_return;
}

Task<> SessionReactions::roles_changed(Message message, RolesChanged event) {
    return sessions_.end_all(
        CustomerId::of(event.user.text()), message.cause, event.changed_at + change_takes_max
    );
}

} // namespace backline::users
