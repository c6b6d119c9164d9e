#include "apps/backline/secret_file.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace backline::app {

/// Without the line end that an editor leaves.
Secret<std::string> password_in(const std::string& path, const std::string& what) {
    using std::filesystem::perms;
    std::error_code failed;
    const perms mode = std::filesystem::status(path, failed).permissions();
    std::ifstream file(path);
    std::string password;
    if (failed || !std::getline(file, password) || password.empty()) {
        throw std::runtime_error(what + " in " + path + " cannot be read");
    }
    if ((mode & (perms::group_all | perms::others_all)) != perms::none) {
        throw std::runtime_error(
            what + " in " + path + " may be read by others; set its mode to 0600"
        );
    }
    return Secret<std::string>(std::move(password));
}

} // namespace backline::app
