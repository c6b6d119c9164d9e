#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace backline {

/// The length in bytes (1 to 4) of the well-formed UTF-8 sequence that `text` begins with; 0 when it begins with none.
/// Overlong forms, surrogates and what lies beyond U+10FFFF are not well formed.
[[nodiscard]] std::size_t utf8_sequence(std::string_view text);

/// How many code points `text` has, or nothing when it is not well-formed UTF-8. All limits on texts count code points.
[[nodiscard]] std::optional<std::size_t> code_points(std::string_view text);

/// Whether `text` holds a control character (U+0000 to U+001F, U+007F) other than line feed and tab.
[[nodiscard]] bool has_control_characters(std::string_view text);

} // namespace backline
