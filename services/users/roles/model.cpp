#include "services/users/roles/model.hpp"

#include "services/users/errors.hpp"

#include <algorithm>

namespace backline::users {

List<Role, 3> each_once(const List<Role, 3, 1>& roles) {
    List<Role, 3> once(roles.begin(), roles.end());
    std::ranges::sort(once);
    const auto repeated = std::ranges::unique(once);
    once.erase(repeated.begin(), repeated.end());
    return once;
}

Result<Change<Seats>> open_change(const Seats* known, UserId user, const List<Role, 3>& roles) {
    Seats next = known == nullptr ? Seats{} : *known;
    ++next.changes;
    const bool admin = std::ranges::find(roles, Role::admin) != roles.end();
    const auto seat = std::ranges::find(next.seats, user, &Seat::user);
    const bool seated = seat != next.seats.end();
    if (admin && !seated) {
        next.seats.push_back({user, next.changes});
    } else if (admin && !seat->taken) {
        seat->change = next.changes;
    } else if (!admin && seated) {
        next.seats.erase(seat);
        if (std::ranges::none_of(next.seats, &Seat::taken)) {
            return refuse(error("last_admin"), "Make somebody else an administrator before.");
        }
    }
    return Change<Seats>::to(std::move(next));
}

Change<User> with_roles(
    const User& user, const List<Role, 3>& roles, std::int64_t change, Instant now
) {
    if (user.role_change >= change) return Change<User>::nothing();
    User next = user;
    next.roles = roles;
    next.role_change = change;
    return Change<User>::to(std::move(next)).raise(RolesChanged{user.id, change, now});
}

Change<Seats> close_change(const Seats& known, UserId user, std::int64_t change) {
    Seats next = known;
    const auto seat = std::ranges::find(next.seats, user, &Seat::user);
    const bool open = seat != next.seats.end() && !seat->taken && seat->change == change;
    if (!open) return Change<Seats>::nothing();
    seat->taken = true;
    return Change<Seats>::to(std::move(next));
}

} // namespace backline::users
