#pragma once

#include <string>
#include <string_view>

namespace backline::security {

/// SHA-256 in base64url: 43 characters that stand for the text where it shall not be read.
[[nodiscard]] std::string digest(std::string_view text);

} // namespace backline::security
