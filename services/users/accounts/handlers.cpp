#include "services/users/accounts/handlers.hpp"

#include "platform/security/password_policy.hpp"
#include "platform/service/paging.hpp"
#include "services/users/errors.hpp"

namespace backline::users {

namespace {

Problem nobody() {
    return {&error("user_unknown"), "Nobody has this id."};
}

ProfileView profile_of(const User& user, std::int64_t version) {
    return {CustomerId::of(user.id.text()), user.email, user.name, user.roles, version};
}

ProfileView profile_of(const Guest& guest, std::int64_t version) {
    return {guest.id, guest.email, guest.name, {}, version};
}

} // namespace

Task<http::Created<UserView>> AccountHandlers::register_user(http::Context& ctx, NewUser body) {
    const auto context = security::password_context(body.email.text(), config_.shop_name.text());
    unwrap(security::check_password(body.password, context));
    const std::string hash = co_await hasher_.hash(body.password);
    const UserId id = ctx.new_id<UserId>();
    const auto decide = [&](const User*) -> Result<Change<User>> {
        return new_user(id, body, hash, ctx.now.utc);
    };
    const auto user = co_await users_.update(id, decide, {ctx.request.traceparent});
    const auto made = unwrap(user);
    co_return http::Created<UserView>{view_of(*made, made.version), "/v1/users/" + id.text()};
}

Task<ProfileView> AccountHandlers::show_profile(http::Context& ctx) {
    if (const auto id = UserId::parse(ctx.principal.subject)) {
        const store::Versioned<User> user = co_await users_.find(*id);
        if (!user) throw Refused(nobody());
        co_return profile_of(*user, user.version);
    }
    const CustomerId guest_id = CustomerId::of(ctx.principal.subject);
    const store::Versioned<Guest> guest = co_await guests_.find(guest_id);
    co_return guest ? profile_of(*guest, guest.version) : profile_of(Guest{guest_id}, 0);
}

Task<ProfileView> AccountHandlers::edit_profile(http::Context& ctx, EditProfile body) {
    const auto id = UserId::parse(ctx.principal.subject);
    if (id) co_return co_await edit_as_user(ctx, *id, std::move(body));
    co_return co_await edit_as_guest(ctx, std::move(body));
}

Task<ProfileView> AccountHandlers::edit_as_user(http::Context& ctx, UserId id, EditProfile body) {
    const auto decide = [&](const User* user) {
        return user != nullptr ? edit(*user, body) : std::unexpected(nobody());
    };
    const store::Terms terms{.version = ctx.request.if_match.version};
    const auto user = co_await users_.update(id, decide, {ctx.request.traceparent}, terms);
    const auto edited = unwrap(user);
    co_return profile_of(*edited, edited.version);
}

Task<ProfileView> AccountHandlers::edit_as_guest(http::Context& ctx, EditProfile body) {
    const CustomerId id = CustomerId::of(ctx.principal.subject);
    const auto decide = [&](const Guest*) -> Result<Change<Guest>> { return edit_guest(id, body); };
    const store::Terms terms{.version = ctx.request.if_match.version};
    const auto guest = co_await guests_.update(id, decide, {ctx.request.traceparent}, terms);
    const auto edited = unwrap(guest);
    co_return profile_of(*edited, edited.version);
}

Task<http::Page<UserView>> AccountHandlers::list(http::Context&, http::Query<Paging> query) {
    const auto range = paged(*query, {.index = users_by_registration, .descending = true});
    const auto found = co_await users_.page(range);
    co_return page_of(unwrap(found));
}

Task<UserView> AccountHandlers::show(http::Context&, UserId id) {
    const store::Versioned<User> user = co_await users_.find(id);
    if (!user) throw Refused(nobody());
    co_return view_of(*user, user.version);
}

} // namespace backline::users
