#pragma once

#include "platform/base/kinds.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace backline {

/// What an index holds for one field: nothing, a number or a text.
using FieldValue = std::variant<std::monostate, std::int64_t, std::string>;

/// The field at `path` below `value`, an object of `type`, for indexes and rows: booleans as 0 and 1, instants as
/// milliseconds since 1970, enums by name, ids and other texts as text. Steps are field names and map keys, joined by
/// dots: `customer.address.city`. An empty optional, patch or missing map key on the way gives `monostate`. A path that
/// names no field, or that ends at a list, map, object or raw JSON, is a bug and breaks an invariant.
[[nodiscard]] FieldValue field_value(const Type& type, const void* value, std::string_view path);

/// Whether two values of one type are equal in everything that is described.
[[nodiscard]] bool equal(const Type& type, const void* left, const void* right);

} // namespace backline
