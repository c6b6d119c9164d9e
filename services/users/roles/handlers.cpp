#include "services/users/roles/handlers.hpp"

#include "services/users/errors.hpp"

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
    const List<Role, 3> roles = each_once(body.roles);
    const std::int64_t change = co_await open(id, roles, cause);
    const auto decide = [&](const User* user) -> Result<Change<User>> {
        return with_roles(*user, roles, change, runtime_.now().utc);
    };
    const auto user = co_await users_.update(id, decide, cause, terms);
    const auto assigned = unwrap(user);
    co_await close(id, change, cause);
    co_await sessions_.end_all(CustomerId::of(id.text()), cause);
    co_return view_of(*assigned, assigned.version);
}

Task<> RoleHandlers::begin_with(UserId id, List<Role, 3> roles) {
    const std::int64_t change = co_await open(id, roles, {});
    const auto decide = [&](const User* user) -> Result<Change<User>> {
        return with_roles(*user, roles, change, runtime_.now().utc);
    };
    const auto user = co_await users_.update(id, decide);
    require(user);
    co_await close(id, change, {});
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
