#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace backline::security {

/// RFC 4648 base64url without padding, as JOSE and our opaque tokens use it.
[[nodiscard]] std::string to_base64url(std::span<const std::uint8_t> bytes);

/// Strict: nothing for padding, other characters, or bits set beyond the last byte, so that one value has one text.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

} // namespace backline::security
