#pragma once

#include "platform/base/paging.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"
#include "platform/security/password_hasher.hpp"
#include "services/users/accounts/store.hpp"
#include "services/users/config.hpp"

/// Requests about people.
namespace backline::users {

class AccountHandlers final {
public:
    AccountHandlers(
        UserCollection& users,
        GuestCollection& guests,
        security::PasswordHasher& hasher,
        const Config& config
    )
        : users_(users)
        , guests_(guests)
        , hasher_(hasher)
        , config_(config) {}

    Task<http::Created<UserView>> register_user(http::Context& ctx, NewUser body);

    Task<ProfileView> show_profile(http::Context& ctx);
    Task<ProfileView> edit_profile(http::Context& ctx, EditProfile body);

    Task<http::Page<UserView>> list(http::Context& ctx, http::Query<Paging> query);
    Task<UserView> show(http::Context& ctx, UserId id);

private:
    Task<ProfileView> edit_as_user(http::Context& ctx, UserId id, EditProfile body);
    Task<ProfileView> edit_as_guest(http::Context& ctx, EditProfile body);

    UserCollection& users_;
    GuestCollection& guests_;
    security::PasswordHasher& hasher_;
    const Config& config_;
};

} // namespace backline::users
