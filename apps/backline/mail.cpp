#include "apps/backline/mail.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace backline::app {

namespace {

/// Without the line end that an editor leaves.
Secret<std::string> password_in(const std::string& path) {
    using std::filesystem::perms;
    std::error_code failed;
    const perms mode = std::filesystem::status(path, failed).permissions();
    std::ifstream file(path);
    std::string password;
    if (failed || !std::getline(file, password) || password.empty()) {
        throw std::runtime_error("the mail password in " + path + " cannot be read");
    }
    if ((mode & (perms::group_all | perms::others_all)) != perms::none) {
        throw std::runtime_error(
            "the mail password in " + path + " may be read by others; set its mode to 0600"
        );
    }
    return Secret<std::string>(std::move(password));
}

} // namespace

smtp::Settings smtp_settings(const Smtp& configured) {
    smtp::Settings settings{
        .host = configured.host.text(),
        .port = static_cast<std::uint16_t>(configured.port.value()),
        .security = configured.security,
        .username = configured.user.text(),
        .from = {configured.from, configured.from_name},
        .ca_file = configured.ca_file.text(),
        .connections_max = 1
    };
    if (!configured.password_file.empty()) {
        settings.password = password_in(configured.password_file.text());
    }
    return settings;
}

} // namespace backline::app
