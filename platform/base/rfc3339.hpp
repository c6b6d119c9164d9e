#pragma once

#include "platform/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace backline {

/// `2026-11-23T09:00:00.000Z`: always UTC, always milliseconds, so that texts sort as times do. Years 0000 to 9999;
/// what lies outside breaks an invariant.
[[nodiscard]] std::string to_rfc3339(Instant instant);
void append_rfc3339(Instant instant, std::string& out);

/// Reads RFC 3339 with `Z` or a numeric offset, upper case, any number of decimals from none to nine (cut to
/// milliseconds). Nothing for anything else: a date that does not exist, a leap second, a missing offset.
[[nodiscard]] std::optional<Instant> parse_rfc3339(std::string_view text);

} // namespace backline
