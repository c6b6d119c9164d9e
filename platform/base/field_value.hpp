#pragma once

#include "platform/base/kinds.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace backline {

/// A scalar as the store's indexes see it: nothing, a number (instants in milliseconds since 1970, booleans 0 or 1) or
/// text (enums by name).
using FieldValue = std::variant<std::monostate, std::int64_t, std::string>;

/// The scalar at `path` (`totals.total.amount`) of a described struct; steps are field names and map keys. Nothing
/// where an optional on the way is empty or a map has no such key. A path that names no field, or ends at something
/// that is not a scalar, breaks an invariant.
[[nodiscard]] FieldValue field_value(const Type& type, const void* value, std::string_view path);

/// The type of that scalar, unwrapped of optionals: what a column or an index over it holds. Breaks the same
/// invariants, so that a wrong path is found at start and not with the first document.
[[nodiscard]] const Type& field_type(const Type& type, std::string_view path);

} // namespace backline
