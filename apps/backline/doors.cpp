#include "apps/backline/doors.hpp"

#include "platform/security/errors.hpp"

#include <filesystem>

namespace backline::app {

observe::JsonLogSettings log_settings(const Config& config) {
    if (config.log.text() == "stderr") return {};
    return {
        config.log.empty() ? (std::filesystem::path(config.data.text()) / "backline.log").string()
                           : config.log.text()
    };
}

http::ServerSettings listen_on(const Listen& listen) {
    http::ServerLimits limits;
    limits.connections_per_address_max =
        static_cast<std::size_t>(listen.connections_per_address.value());
    return {listen.address.text(), static_cast<std::uint16_t>(listen.port.value()), limits};
}

Result<security::Principal> NoTokens::authenticate(std::string_view, Instant) {
    return refuse(security::error("token_invalid"), "Nobody needs a token here.");
}

} // namespace backline::app
