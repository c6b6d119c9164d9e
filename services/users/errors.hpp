#pragma once

#include "platform/base/problem.hpp"

#include <array>
#include <string_view>

namespace backline::users {

/// Every refusal that the User Service can give.
inline constexpr std::array refusals{
    Refusal{
        .code = "email_taken",
        .status = 409,
        .title = "There is an account with this e-mail address.",
        .meaning = "Log in with it, or register with another address."
    },
    Refusal{
        .code = "credentials_wrong",
        .status = 401,
        .title = "E-mail address and password do not go together.",
        .meaning = "Check both. Which of them is wrong is not told."
    },
    Refusal{
        .code = "too_many_tries",
        .status = 429,
        .title = "There were too many tries to log in.",
        .meaning =
            "Try again after `retry_after_ms`; other addresses and devices may not have to wait."
    },
    Refusal{
        .code = "refresh_token_invalid",
        .status = 401,
        .title = "The refresh token is not valid.",
        .meaning = "It expired, its session ended, or it was used before. Log in again."
    },
    Refusal{
        .code = "user_unknown",
        .status = 404,
        .title = "There is no such user.",
        .meaning = "Check the id."
    },
    Refusal{
        .code = "own_roles",
        .status = 409,
        .title = "Nobody changes their own roles.",
        .meaning = "Ask another administrator."
    },
    Refusal{
        .code = "last_admin",
        .status = 409,
        .title = "This is the last administrator.",
        .meaning = "Make somebody else an administrator before. One must always be left."
    },
    Refusal{
        .code = "email_fixed",
        .status = 409,
        .title = "The e-mail address of an account cannot be changed here.",
        .meaning = "Leave it out, or send the present one."
    },
};

consteval const Refusal& error(std::string_view code) {
    return find_refusal(refusals, code);
}

} // namespace backline::users
