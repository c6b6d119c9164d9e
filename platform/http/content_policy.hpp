#pragma once

#include "platform/http/reply.hpp"

#include <string_view>

/// What a browser may do with an answer (CSP, https://www.w3.org/TR/CSP3/): as little as its kind needs.
namespace backline::http {

/// Of answers that no browser has to show.
inline constexpr std::string_view data_policy = "default-src 'none'; frame-ancestors 'none'";

[[nodiscard]] std::string_view content_policy(const Reply& reply);

} // namespace backline::http
