#pragma once

#include "platform/http/context.hpp"
#include "platform/observe/log.hpp"
#include "services/users/accounts/store.hpp"
#include "services/users/roles/store.hpp"
#include "services/users/sessions/handlers.hpp"

#include <functional>

/// Requests about who may do what.
namespace backline::users {

class RoleHandlers final {
public:
    RoleHandlers(
        Runtime& runtime,
        UserCollection& users,
        SeatsCollection& seats,
        SessionHandlers& sessions,
        observe::Log& log
    )
        : runtime_(runtime)
        , users_(users)
        , seats_(seats)
        , sessions_(sessions)
        , log_(log) {}

    /// Ends the user's sessions with older roles: whoever they are now, they log in as. Whatever cuts it off, doing it
    /// again completes it; the sessions end in any case, by the news of it.
    Task<UserView> assign(http::Context& ctx, UserId id, AssignRoles body);

    /// An operator's word: how a shop gets its first admin. Adds the role to those that the account has; as `assign`.
    Task<UserView> grant(http::Context& ctx, GrantRole body);

    /// Gives a known account its first roles.
    Task<> begin_with(UserId id, List<Role, 3> roles);

private:
    Task<store::Versioned<User>> change(
        UserId id, List<Role, 3> roles, store::Cause cause, store::Terms terms
    );
    void note(const User& user, std::string_view by);
    Task<std::int64_t> open(UserId id, List<Role, 3> roles, store::Cause cause);
    Task<> close(UserId id, std::int64_t change, store::Cause cause);

    Runtime& runtime_;
    UserCollection& users_;
    SeatsCollection& seats_;
    SessionHandlers& sessions_;
    observe::Log& log_;
};

} // namespace backline::users
