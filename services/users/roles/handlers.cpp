#include "services/users/roles/handlers.hpp"

#include "services/users/errors.hpp"

#include <algorithm>

namespace backline::users {

namespace {

/// Looks before anything is opened, and changes nothing.
Result<Change<User>> may_assign(const User* user, const std::string& by) {
    if (user == nullptr) return refuse(error("user_unknown"), "Nobody has this id.");
    if (by == user->id.text()) {
        return refuse(error("own_roles"), "Another administrator has to do this.");
    }
    return Change<User>::nothing();
}

} // namespace

Task<UserView> RoleHandlers::assign(http::Context& ctx, UserId id, AssignRoles body) {
    const store::Cause cause{ctx.request.traceparent};
    const store::Terms terms{.version = ctx.request.if_match.version};
    const auto may = [&](const User* user) { return may_assign(user, ctx.principal.subject); };
    const auto seen = co_await users_.update(id, may, cause, terms);
    require(seen);
    const auto assigned = co_await change(id, each_once(body.roles), cause, terms);
    note(*assigned, ctx.principal.subject);
    co_await sessions_.end_older(id, assigned->role_change, cause);
    co_return view_of(*assigned, assigned.version);
}

Task<UserView> RoleHandlers::grant(http::Context& ctx, GrantRole body) {
    const store::Cause cause{ctx.request.traceparent};
    const store::Versioned<User> user =
        co_await users_.find_by(users_by_email, {email_key(body.email)});
    if (!user) throw Refused({&error("user_unknown"), "Nobody has registered with this address."});
    List<Role, 3, 1> roles(user->roles.begin(), user->roles.end());
    if (std::ranges::find(roles, body.role) == roles.end()) roles.push_back(body.role);
    const store::Terms terms{.version = user.version};
    const auto granted = co_await change(user->id, each_once(roles), cause, terms);
    note(*granted, "operator");
    co_await sessions_.end_older(granted->id, granted->role_change, cause);
    co_return view_of(*granted, granted.version);
}

Task<> RoleHandlers::begin_with(UserId id, List<Role, 3> roles) {
    co_await change(id, std::move(roles), {}, {});
}

/// The three steps; see `roles/model.hpp`.
Task<store::Versioned<User>> RoleHandlers::change(
    UserId id, List<Role, 3> roles, store::Cause cause, store::Terms terms
) {
    const std::int64_t number = co_await open(id, roles, cause);
    const auto decide = [&](const User* user) -> Result<Change<User>> {
        return with_roles(*user, roles, number, runtime_.now().utc);
    };
    const auto user = co_await users_.update(id, decide, cause, terms);
    auto changed = unwrap(user);
    co_await close(id, number, cause);
    co_return changed;
}

void RoleHandlers::note(const User& user, std::string_view by) {
    std::string roles;
    for (const Role role : user.roles) {
        if (!roles.empty()) roles += ' ';
        roles += name_of(role);
    }
    log_.info("roles_changed", {{"user", user.id.text()}, {"roles", roles}, {"by", by}});
}

Task<std::int64_t> RoleHandlers::open(UserId id, List<Role, 3> roles, store::Cause cause) {
    std::int64_t number = 0;
    const auto decide = [&](const Seats* known) {
        Result<Change<Seats>> change = open_change(known, id, roles);
        if (change) number = change->next->changes;
        return change;
    };
    const auto seats = co_await seats_.update(the_seats, decide, std::move(cause));
    require(seats);
    co_return number;
}

Task<> RoleHandlers::close(UserId id, std::int64_t change, store::Cause cause) {
    const auto decide = [&](const Seats* known) -> Result<Change<Seats>> {
        return close_change(*known, id, change);
    };
    const auto seats = co_await seats_.update(the_seats, decide, std::move(cause));
    require(seats);
}

} // namespace backline::users
