#pragma once

#include "platform/base/kinds.hpp"
#include "platform/schema/faults.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace backline::schema {

/// Puts one scalar into `target`, a value of `type` (neither optional, patch nor secret: unwrap first). `enforce` says
/// whether limits count. The fault, or nothing when all is well; after a fault `target` is unchanged.
[[nodiscard]] std::optional<Fault> put_boolean(const Type& type, void* target, bool value);
[[nodiscard]] std::optional<Fault> put_integer(
    const Type& type, void* target, std::int64_t value, bool enforce
);
[[nodiscard]] std::optional<Fault> put_text(
    const Type& type, void* target, std::string_view value, bool enforce
);

} // namespace backline::schema
