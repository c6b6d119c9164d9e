#include "services/users/accounts/model.hpp"

#include "services/users/errors.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace backline::users {

namespace {

constexpr std::array rows{
    RoleRow{Role::staff, "catalog:write", "change products and categories"},
    RoleRow{Role::staff, "stock:read", "see stock and its ledger"},
    RoleRow{Role::staff, "stock:adjust", "correct stock"},
    RoleRow{Role::staff, "orders:read", "see everybody's orders"},
    RoleRow{Role::staff, "orders:cancel", "cancel everybody's orders"},
    RoleRow{Role::staff, "payments:read", "see payments and their transactions"},
    RoleRow{Role::staff, "payments:refund", "give money back"},
    RoleRow{Role::staff, "notifications:read", "see templates and messages"},
    RoleRow{Role::staff, "notifications:write", "change templates"},
    RoleRow{Role::admin, "users:read", "see accounts"},
    RoleRow{Role::admin, "users:assign_roles", "say who is staff and who is admin"},
};

ContactChanged contact_of(const User& user) {
    return {CustomerId::of(user.id.text()), user.email, user.name};
}

} // namespace

std::span<const RoleRow> role_rows() {
    return rows;
}

/// An admin may do all that staff may.
std::vector<std::string> permissions_of(const List<Role, 3>& roles) {
    std::set<std::string> permissions;
    const bool admin = std::ranges::find(roles, Role::admin) != roles.end();
    for (const RoleRow& row : rows) {
        const bool has = admin || std::ranges::find(roles, row.role) != roles.end();
        if (has) permissions.emplace(row.permission);
    }
    return {permissions.begin(), permissions.end()};
}

Change<User> new_user(UserId id, const NewUser& asked, std::string password_hash, Instant now) {
    User user{
        .id = id,
        .email = asked.email,
        .email_key = email_key(asked.email),
        .name = asked.name,
        .password_hash = Secret<std::string>(std::move(password_hash)),
        .roles = {Role::customer},
        .registered_at = now
    };
    const ContactChanged contact = contact_of(user);
    // The address first: whoever greets the new customer needs it.
    return Change<User>::to(std::move(user)).raise(contact).raise(UserRegistered{id, now});
}

Result<Change<User>> edit(const User& user, const EditProfile& asked) {
    if (asked.email && *asked.email != user.email) {
        return refuse(error("email_fixed"), "The address of this account is another one.");
    }
    User next = user;
    next.name = asked.name;
    const ContactChanged contact = contact_of(next);
    return Change<User>::to(std::move(next)).raise(contact);
}

Change<User> rehash(const User& user, std::string password_hash) {
    User next = user;
    next.password_hash = Secret<std::string>(std::move(password_hash));
    return Change<User>::to(std::move(next));
}

Change<Guest> edit_guest(const CustomerId& id, const EditProfile& asked) {
    return Change<Guest>::to(Guest{id, asked.email, asked.name})
        .raise(ContactChanged{id, asked.email, asked.name});
}

UserView view_of(const User& user, std::int64_t version) {
    return {user.id, user.email, user.name, user.roles, user.registered_at, version};
}

} // namespace backline::users
