#include "apps/backline/demo.hpp"

#include <fstream>
#include <stdexcept>

namespace backline::app {

void keep_apart(const std::filesystem::path& data, bool demo) {
    const std::filesystem::path mark = data / "demo";
    const bool marked = std::filesystem::exists(mark);
    const bool used = std::filesystem::exists(data / "backline.db");
    if (marked && !demo) {
        throw std::runtime_error(
            data.string() + " holds a demo, whose passwords everybody knows; start it with --demo, "
                            "or name another directory with --data"
        );
    }
    if (demo && used && !marked) {
        throw std::runtime_error(
            data.string() + " holds a shop, and --demo would open it to everybody; name another "
                            "directory with --data"
        );
    }
    if (!demo || marked) return;
    std::error_code refused; // The store is the one to say why the directory cannot be used.
    std::filesystem::create_directories(data, refused);
    std::ofstream(mark) << "Made by --demo.\n";
}

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
