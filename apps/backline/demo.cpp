#include "apps/backline/demo.hpp"

namespace backline::app {

std::vector<users::KnownAccount> demo_accounts() {
    using users::Role;
    const auto account = [](const char* email, const char* name, List<Role, 3> roles) {
        return users::KnownAccount{
            Email::of(email),
            Secret<std::string>(demo_password),
            users::PersonName::of(name),
            std::move(roles)
        };
    };
    return {
        account("customer@example.com", "Ada Customer", {Role::customer}),
        account("staff@example.com", "Sam Staff", {Role::customer, Role::staff}),
        account("admin@example.com", "Alex Admin", {Role::customer, Role::admin}),
    };
}

} // namespace backline::app
