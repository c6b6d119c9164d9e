#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "platform/base/kinds.hpp"

namespace backline {

/// A scalar as the store's indexes see it: nothing, a number (instants in milliseconds since 1970, booleans 0 or 1) or
/// text (enums by name).
using FieldValue = std::variant<std::monostate, std::int64_t, std::string>;

/// The scalar at `path` (`totals.total.amount`) of a described struct; nothing where an optional on the way is empty.
/// A path that names no field, or ends at something that is not a scalar, breaks an invariant.
[[nodiscard]] FieldValue field_value(const Type& type, const void* value, std::string_view path);

} // namespace backline
