#pragma once

#include "platform/base/paging.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"
#include "services/users/accounts/store.hpp"
#include "services/users/sessions/handlers.hpp"

/// Requests about people.
namespace backline::users {

class AccountHandlers final {
public:
    AccountHandlers(
        UserCollection& users,
        GuestCollection& guests,
        SessionHandlers& sessions,
        security::PasswordHasher& hasher,
        const Config& config
    )
        : users_(users)
        , guests_(guests)
        , sessions_(sessions)
        , hasher_(hasher)
        , config_(config) {}

    Task<http::Created<UserView>> register_user(http::Context& ctx, NewUser body);

    Task<ProfileView> show_profile(http::Context& ctx);
    Task<ProfileView> edit_profile(http::Context& ctx, EditProfile body);

    Task<http::Page<UserView>> list(http::Context& ctx, http::Query<Paging> query);
    Task<UserView> show(http::Context& ctx, UserId id);

    /// Ends the user's sessions: whoever they are now, they log in as.
    Task<UserView> assign(http::Context& ctx, UserId id, AssignRoles body);

private:
    Task<ProfileView> edit_as_user(http::Context& ctx, UserId id, EditProfile body);
    Task<ProfileView> edit_as_guest(http::Context& ctx, EditProfile body);

    UserCollection& users_;
    GuestCollection& guests_;
    SessionHandlers& sessions_;
    security::PasswordHasher& hasher_;
    const Config& config_;
};

} // namespace backline::users
