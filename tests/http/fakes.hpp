#pragma once

#include "platform/observe/log.hpp"
#include "platform/security/access.hpp"
#include "platform/security/errors.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Stand-ins for what the router is given.
namespace backline::http_tests {

/// Knows three tokens: `customer` (no permission), `staff` (`items:write`) and `admin` (every permission that it was
/// told of). Everything else is forged.
class FakeAuthenticator final : public security::Authenticator {
public:
    std::vector<std::string> permissions{"items:write"};

    Result<security::Principal> authenticate(std::string_view token, Instant) override {
        if (token == "customer") return security::Principal{"usr_1", "ses_1"};
        if (token == "staff") return security::Principal{"usr_2", "ses_2", {"items:write"}};
        if (token == "admin") return security::Principal{"usr_3", "ses_3", permissions};
        return refuse(security::error("token_invalid"), "Unknown token.");
    }
};

/// Keeps the lines.
class LinesLog final : public observe::Log {
public:
    std::vector<std::string> lines{};

    void write(observe::Level, std::string_view event, std::span<const observe::LogField> fields)
        override {
        lines.push_back(observe::json_members(event, fields));
    }
};

} // namespace backline::http_tests
