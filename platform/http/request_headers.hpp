#pragma once

#include "platform/async/runtime.hpp"
#include "platform/base/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The headers that the router understands, read strictly.
namespace backline::http {

/// `If-Match: "7"` names a version; `If-Match: *` is content with any.
struct IfMatch {
    std::optional<std::int64_t> version{};
    bool any = false;
};

/// Neither for an empty text. Refuses `if_match_invalid`.
[[nodiscard]] Result<IfMatch> parse_if_match(std::string_view value);

/// The key, without the quotes that some clients send; nothing for an empty text. Refuses `idempotency_key_invalid`.
[[nodiscard]] Result<std::optional<std::string>> parse_idempotency_key(std::string_view value);

/// The token of `Bearer <token>`; nothing for an empty text. Refuses `token_malformed`.
[[nodiscard]] Result<std::optional<std::string>> parse_bearer(std::string_view value);

/// Whether an `Accept` header (empty: there is none) allows this content type.
[[nodiscard]] bool accepts(std::string_view accept, std::string_view content_type);

/// The W3C `traceparent` of this request: a new span in the caller's trace, or in a new one if `incoming` is no valid
/// traceparent.
[[nodiscard]] std::string continue_trace(std::string_view incoming, Runtime& runtime);

} // namespace backline::http
