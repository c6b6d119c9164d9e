#include "services/users/sessions/reactions.hpp"

namespace backline::users {

Task<> SessionReactions::session_ended(Message, SessionEnded event) {
    on_ended_(event.session.text(), event.tokens_expire_at);
    co_return;
}

} // namespace backline::users
