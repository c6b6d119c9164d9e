#pragma once

#include "apps/backline/config.hpp"
#include "platform/http/server.hpp"
#include "platform/observe/log.hpp"
#include "platform/security/access.hpp"

/// What every listener of the program has, whatever it serves.
namespace backline::app {

/// Where log lines go.
[[nodiscard]] observe::JsonLogSettings log_settings(const Config& config);

[[nodiscard]] http::ServerSettings listen_on(const Listen& listen);

/// For addresses that let people in by where they knock: nobody has a token there.
class NoTokens final : public security::Authenticator {
public:
    Result<security::Principal> authenticate(std::string_view, Instant) override;
};

} // namespace backline::app
