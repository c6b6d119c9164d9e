#pragma once

#include "platform/base/problem.hpp"

#include <array>

namespace backline {

/// The refusals that the platform gives on behalf of every service. Same shape as a service's `errors.hpp`.
inline constexpr std::array platform_refusals{
    Refusal{
        .code = "malformed_json",
        .status = 400,
        .title = "The body is not readable JSON.",
        .meaning = "Send one JSON value in UTF-8. The detail says where reading stopped."
    },
    Refusal{
        .code = "version_stale",
        .status = 412,
        .title = "Somebody has changed this since you read it.",
        .meaning =
            "Read it again, repeat your change on the new version, and send its ETag as If-Match."
    },
    Refusal{
        .code = "invalid",
        .status = 422,
        .title = "The request is readable but breaks a rule.",
        .meaning = "Correct every field named in `errors` and send the request again."
    },
};

/// `refuse(platform_error("invalid"), ...)`.
consteval const Refusal& platform_error(std::string_view code) {
    return find_refusal(platform_refusals, code);
}

} // namespace backline
