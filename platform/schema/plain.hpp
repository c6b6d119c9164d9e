#pragma once

#include "platform/base/kinds.hpp"
#include "platform/schema/faults.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace backline::schema {

/// Reads one value from plain text, as it stands in a path, a query, an environment variable or on a command line:
/// numbers in decimal, `true` or `false`, enums by name, times in RFC 3339, texts as they are. `type` is a scalar, or
/// an optional, patch or secret of one (another breaks an invariant); limits are enforced. The fault, or nothing when
/// all is well.
[[nodiscard]] std::optional<Fault> put_plain(const Type& type, void* target, std::string_view text);

/// The value in the form that `put_plain` reads; an empty optional is empty text. A secret breaks an invariant.
[[nodiscard]] std::string plain_text(const Type& type, const void* value);

} // namespace backline::schema
