#pragma once

#include "platform/service/service.hpp"
#include "services/users/events.hpp"
#include "services/users/sessions/handlers.hpp"

/// What sessions hear: that one of them ended elsewhere, and that somebody's must end.
namespace backline::users {

class SessionReactions final {
public:
    SessionReactions(SessionHandlers& sessions, SessionHandlers::OnEnded on_ended)
        : sessions_(sessions)
        , on_ended_(std::move(on_ended)) {}

    Task<> session_ended(Message message, SessionEnded event);

    /// Whoever changes roles ends the sessions, too, and sooner, unless a crash comes between.
    Task<> roles_changed(Message message, RolesChanged event);

private:
    SessionHandlers& sessions_;
    SessionHandlers::OnEnded on_ended_;
};

} // namespace backline::users
