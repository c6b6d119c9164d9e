#pragma once

#include "platform/base/list.hpp"
#include "platform/base/secret.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/users/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>

/// What crosses HTTP about people.
namespace backline::users {

/// What somebody may do is the sum of their roles' permissions; see `permissions_of`.
enum class Role { customer, staff, admin };
BOOST_DESCRIBE_ENUM(Role, customer, staff, admin)

/// `POST /v1/users`
struct NewUser {
    Email email;
    Secret<std::string> password;
    PersonName name;
};
BOOST_DESCRIBE_STRUCT(NewUser, (), (email, password, name))

struct UserView {
    UserId id;
    Email email;
    PersonName name;
    List<Role, 3> roles;
    Instant registered_at{};
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(UserView, (), (id, email, name, roles, registered_at, version))

/// `GET /v1/me`: a user, or a guest who may have said how to be reached.
struct ProfileView {
    CustomerId id;
    std::optional<Email> email;
    std::optional<PersonName> name;
    List<Role, 3> roles;
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(ProfileView, (), (id, email, name, roles, version))

/// `PUT /v1/me`. A user's e-mail address stays as it is; a guest gives one here.
struct EditProfile {
    PersonName name;
    std::optional<Email> email;
};
BOOST_DESCRIBE_STRUCT(EditProfile, (), (name, email))

/// `PUT /v1/users/{user_id}/roles`
struct AssignRoles {
    List<Role, 3, 1> roles;
};
BOOST_DESCRIBE_STRUCT(AssignRoles, (), (roles))

/// `POST /users/grants`, of operators
struct GrantRole {
    Email email;
    Role role{};
};
BOOST_DESCRIBE_STRUCT(GrantRole, (), (email, role))

} // namespace backline::users
