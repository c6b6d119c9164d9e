#pragma once

#include "platform/base/problem.hpp"

#include <array>
#include <string_view>

/// Every refusal that proving who one is can give. The program adds these rows to those of its services.
namespace backline::security {

inline constexpr std::array refusals{
    Refusal{
        "token_invalid",
        401,
        "The access token is not valid.",
        "Log in again; if this goes on, the token comes from somewhere else or was changed on its "
        "way."
    },
    Refusal{
        "token_expired",
        401,
        "The access token has expired.",
        "Get a new one with the refresh token."
    },
    Refusal{
        "session_ended",
        401,
        "This session has ended.",
        "It was logged out, or ended because its password or rights changed. Log in again."
    },
    Refusal{
        "password_too_short",
        422,
        "The password is too short.",
        "Use at least 15 characters; a sentence is easier to remember than symbols."
    },
    Refusal{"password_too_long", 422, "The password is too long.", "Use at most 128 characters."},
    Refusal{"password_not_text", 422, "The password is not valid text.", "Send it as UTF-8."},
    Refusal{
        "password_too_common",
        422,
        "The password is easy to guess.",
        "It is made of well-known passwords, of the shop's name or of your own address. Use other "
        "words."
    },
};

/// `refuse(security::error("token_invalid"), "...")`; a misspelt code does not compile.
consteval const Refusal& error(std::string_view code) {
    return find_refusal(refusals, code);
}

} // namespace backline::security
