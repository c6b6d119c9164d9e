#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/users/accounts/api.hpp"

#include <boost/describe/class.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Decisions about accounts. Pure.
namespace backline::users {

struct User {
    UserId id;
    Email email;
    std::string email_key; ///< By which two spellings of one mailbox are one; unique.
    PersonName name;
    Secret<std::string> password_hash; ///< A PHC string.
    List<Role, 3> roles;
    std::int64_t role_change =
        0; ///< The number of the change that gave them; see `roles/model.hpp`.
    Instant registered_at{};
};
BOOST_DESCRIBE_STRUCT(
    User, (), (id, email, email_key, name, password_hash, roles, role_change, registered_at)
)

/// What a guest has told of themselves.
struct Guest {
    CustomerId id;
    std::optional<Email> email;
    std::optional<PersonName> name;
};
BOOST_DESCRIBE_STRUCT(Guest, (), (id, email, name))

/// What a role may do: the whole of role-based access control, as data. Routes name the permissions.
struct RoleRow {
    Role role;
    std::string_view permission;
    std::string_view meaning;
};

[[nodiscard]] std::span<const RoleRow> role_rows();

/// Sorted, each once.
[[nodiscard]] std::vector<std::string> permissions_of(const List<Role, 3>& roles);

/// A new customer's account and the news of it.
[[nodiscard]] Change<User> new_user(
    UserId id, const NewUser& asked, std::string password_hash, Instant now
);

/// Refuses `email_fixed` another e-mail address than the present one.
Result<Change<User>> edit(const User& user, const EditProfile& asked);

[[nodiscard]] Change<User> rehash(const User& user, std::string password_hash);

[[nodiscard]] Change<Guest> edit_guest(const CustomerId& id, const EditProfile& asked);

[[nodiscard]] UserView view_of(const User& user, std::int64_t version);

} // namespace backline::users
