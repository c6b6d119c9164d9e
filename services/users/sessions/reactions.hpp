#pragma once

#include "platform/service/service.hpp"
#include "services/users/events.hpp"
#include "services/users/sessions/handlers.hpp"

/// How a replica learns of sessions that ended elsewhere.
namespace backline::users {

class SessionReactions final {
public:
    explicit SessionReactions(SessionHandlers::OnEnded on_ended) : on_ended_(std::move(on_ended)) {}

    Task<> session_ended(Message message, SessionEnded event);

private:
    SessionHandlers::OnEnded on_ended_;
};

} // namespace backline::users
