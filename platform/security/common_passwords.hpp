#pragma once

#include <span>
#include <string_view>

namespace backline::security {

/// Well-known passwords and the words they are made of, lower case, ASCII. Internal to this folder.
[[nodiscard]] std::span<const std::string_view> common_passwords();

} // namespace backline::security
