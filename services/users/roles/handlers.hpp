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
    RoleHandlers(UserCollection& users, SeatsCollection& seats, SessionHandlers& sessions)
        : users_(users)
        , seats_(seats)
        , sessions_(sessions) {}

    /// Ends the user's sessions: whoever they are now, they log in as. Whatever cuts it off, doing it again completes
    /// it.
    Task<UserView> assign(http::Context& ctx, UserId id, AssignRoles body);

    /// Gives a known account its first roles.
    Task<> begin_with(UserId id, List<Role, 3> roles);

private:
    Task<std::int64_t> open(UserId id, List<Role, 3> roles, store::Cause cause);
    Task<> close(UserId id, std::int64_t change, store::Cause cause);

    UserCollection& users_;
    SeatsCollection& seats_;
    SessionHandlers& sessions_;
};

} // namespace backline::users
