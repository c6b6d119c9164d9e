#include "apps/backline/mongo_settings.hpp"

#include "apps/backline/secret_file.hpp"

namespace backline::app {

mongo::Settings mongo_settings(const Mongo& configured) {
    mongo::Settings settings;
    settings.url = Secret<std::string>(configured.url.text());
    settings.ca_file = configured.ca_file.text();
    settings.database_prefix = configured.prefix.text() + "_";
    settings.connections = static_cast<std::size_t>(configured.connections.value());
    if (!configured.password_file.empty()) {
        settings.password = password_in(configured.password_file.text(), "the MongoDB password");
    }
    return settings;
}

} // namespace backline::app
