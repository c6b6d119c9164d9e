#pragma once

#include "platform/base/problem.hpp"

#include <array>

namespace backline::http {

/// The refusals that the router gives on behalf of every route. Same shape as a service's `errors.hpp`.
inline constexpr std::array http_refusals{
    Refusal{
        .code = "malformed_request",
        .status = 400,
        .title = "The request is not well-formed HTTP.",
        .meaning =
            "The request line, a header or the query string cannot be read. The detail says which."
    },
    Refusal{
        .code = "idempotency_key_missing",
        .status = 400,
        .title = "This route needs an Idempotency-Key header.",
        .meaning = "Send a fresh random key (a UUID) with each new operation, and the same key "
                   "with each retry of it."
    },
    Refusal{
        .code = "idempotency_key_invalid",
        .status = 400,
        .title = "The Idempotency-Key header is not usable.",
        .meaning = "A key has 8 to 128 letters, digits, dots, colons, hyphens or underscores; a "
                   "UUID is a good one."
    },
    Refusal{
        .code = "if_match_invalid",
        .status = 400,
        .title = "The If-Match header is not one entity tag.",
        .meaning = "Send the ETag of the version that you read, with its quotes, such as \"7\"."
    },
    Refusal{
        .code = "token_missing",
        .status = 401,
        .title = "This route needs an access token.",
        .meaning =
            "Log in, or ask for a guest token, and send it as `Authorization: Bearer <token>`."
    },
    Refusal{
        .code = "token_malformed",
        .status = 401,
        .title = "The Authorization header is not a bearer token.",
        .meaning = "Send `Authorization: Bearer <token>` and nothing else in that header."
    },
    Refusal{
        .code = "permission_missing",
        .status = 403,
        .title = "Your account may not do this.",
        .meaning = "The detail names the permission. An administrator can give your account a role "
                   "that has it."
    },
    Refusal{
        .code = "route_not_found",
        .status = 404,
        .title = "There is nothing at this address.",
        .meaning = "Compare the path with the routes in /openapi.json; ids in a path have a "
                   "prefix, such as `prd_`."
    },
    Refusal{
        .code = "method_not_allowed",
        .status = 405,
        .title = "This address does not know that method.",
        .meaning = "The Allow header lists the methods that it knows."
    },
    Refusal{
        .code = "not_acceptable",
        .status = 406,
        .title = "The answer has no form that the Accept header allows.",
        .meaning = "Send no Accept header, or one that allows the content type given in the detail."
    },
    Refusal{
        .code = "request_timeout",
        .status = 408,
        .title = "The request did not arrive in time.",
        .meaning =
            "Send it again, faster; headers may take 5 seconds, bodies must keep a steady rate."
    },
    Refusal{
        .code = "body_too_large",
        .status = 413,
        .title = "The body is too large.",
        .meaning = "The detail gives the limit of this route."
    },
    Refusal{
        .code = "uri_too_long",
        .status = 414,
        .title = "The request target is too long.",
        .meaning = "A path with its query has at most 8 KiB."
    },
    Refusal{
        .code = "content_type_unsupported",
        .status = 415,
        .title = "The body has no content type that this route reads.",
        .meaning = "Send `Content-Type: application/json`, in UTF-8 and without a Content-Encoding."
    },
    Refusal{
        .code = "host_unknown",
        .status = 421,
        .title = "This address does not answer to that name.",
        .meaning = "Operators ask by the address that the program prints, such as 127.0.0.1, so "
                   "that no web page can "
                   "ask in their place."
    },
    Refusal{
        .code = "version_required",
        .status = 428,
        .title = "This route needs an If-Match header.",
        .meaning = "Send the ETag of the version that you read, so that you cannot undo somebody "
                   "else's change."
    },
    Refusal{
        .code = "headers_too_large",
        .status = 431,
        .title = "The headers are too large or too many.",
        .meaning = "Headers have at most 16 KiB and 100 fields."
    },
};

/// Not refusals, since the caller did nothing wrong; they have the same shape so that they are written the same way and
/// have a page, too.
inline constexpr Refusal internal_failure{
    .code = "internal",
    .status = 500,
    .title = "The shop made a mistake.",
    .meaning = "Nothing in your request was wrong. Report the id in `instance`; the cause is "
               "logged under it."
};

inline constexpr Refusal unavailable_failure{
    .code = "unavailable",
    .status = 503,
    .title = "The shop cannot do this right now.",
    .meaning = "Send the request again after `retry_after_ms`, with the same Idempotency-Key if it "
               "has one."
};

/// `refuse(http_error("version_required"), ...)`.
consteval const Refusal& http_error(std::string_view code) {
    return find_refusal(http_refusals, code);
}

} // namespace backline::http
