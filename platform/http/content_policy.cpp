#include "platform/http/content_policy.hpp"

namespace backline::http {

namespace {

constexpr std::string_view page_policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";
constexpr std::string_view script_policy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src "
    "'self'; "
    "img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

} // namespace

std::string_view content_policy(const Reply& reply) {
    if (reply.runs_scripts) return script_policy;
    return reply.content_type.starts_with("text/html") ? page_policy : data_policy;
}

} // namespace backline::http
