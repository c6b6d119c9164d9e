#include "apps/backline/mail.hpp"

#include "apps/backline/secret_file.hpp"

namespace backline::app {

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
        settings.password = password_in(configured.password_file.text(), "the mail password");
    }
    return settings;
}

} // namespace backline::app
