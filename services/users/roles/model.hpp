#pragma once

#include "platform/base/change.hpp"
#include "platform/base/list.hpp"
#include "platform/base/problem.hpp"
#include "services/users/accounts/model.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string_view>

/// Decisions about who has which roles. Pure.
///
/// Roles lie in each account, but "an admin is always left" is about all of them, so that two admins who remove each
/// other at once must meet somewhere: in one document of seats. Every change of anybody's roles takes three steps: it
/// is opened here (and refused here), done in the account, and closed here. The number that it gets when it is opened
/// says which of two is the later one, in the account too. So, whatever is cut off between two steps, whoever has a
/// taken seat is an admin, and one seat stays taken once one is.
namespace backline::users {

struct Seat {
    UserId user;
    std::int64_t change = 0; ///< That makes them admin.
    bool taken = false;      ///< It is done: they are admin for certain.
};
BOOST_DESCRIBE_STRUCT(Seat, (), (user, change, taken))

struct Seats {
    std::int64_t changes = 0; ///< Numbers given so far.
    List<Seat, 1000> seats;
};
BOOST_DESCRIBE_STRUCT(Seats, (), (changes, seats))

/// Sorted, each once.
[[nodiscard]] List<Role, 3> each_once(const List<Role, 3, 1>& roles);

/// Opens a change, whose number is `changes` of what comes back. Refuses `last_admin`.
Result<Change<Seats>> open_change(const Seats* known, UserId user, const List<Role, 3>& roles);

/// Nothing if a later change was faster. Raises `RolesChanged`, at which the user's sessions with older roles end.
[[nodiscard]] Change<User> with_roles(
    const User& user, const List<Role, 3>& roles, std::int64_t change, Instant now
);

/// The change is done; nothing if another one was opened meanwhile.
[[nodiscard]] Change<Seats> close_change(const Seats& known, UserId user, std::int64_t change);

} // namespace backline::users
