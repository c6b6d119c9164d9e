#pragma once

#include "platform/http/context.hpp"
#include "services/users/accounts/store.hpp"
#include "services/users/roles/store.hpp"
#include "services/users/sessions/handlers.hpp"

#include <functional>

/// Requests about who may do what.
namespace backline::users {

class RoleHandlers final {
public:
    RoleHandlers(
        Runtime& runtime, UserCollection& users, SeatsCollection& seats, SessionHandlers& sessions
    )
        : runtime_(runtime)
        , users_(users)
        , seats_(seats)
        , sessions_(sessions) {}

    /// Ends the user's sessions: whoever they are now, they log in as. Whatever cuts it off, doing it again completes
    /// it; the sessions end in any case, by the news of it.
    Task<UserView> assign(http::Context& ctx, UserId id, AssignRoles body);

    /// Gives a known account its first roles.
    Task<> begin_with(UserId id, List<Role, 3> roles);

private:
    Task<std::int64_t> open(UserId id, List<Role, 3> roles, store::Cause cause);
    Task<> close(UserId id, std::int64_t change, store::Cause cause);

    Runtime& runtime_;
    UserCollection& users_;
    SeatsCollection& seats_;
    SessionHandlers& sessions_;
};

} // namespace backline::users
