#pragma once

#include "platform/base/problem.hpp"
#include "platform/base/type.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace backline::schema {

/// Reads one value from plain text, as it stands in a path, a query, an environment variable or on a command line:
/// numbers in decimal, `true` or `false`, enums by name, times in RFC 3339, texts as they are. `type` is a scalar, or
/// an optional, patch or secret of one; limits are enforced. The fault, under `pointer`, or nothing when all is well.
[[nodiscard]] std::optional<FieldError> read_plain(
    const Type& type, void* target, std::string_view text, std::string_view pointer
);

struct PlainPair {
    std::string_view name;
    std::string_view text; ///< Decoded already.
};

/// Reads a query string into `out`, an object whose fields are scalars, optionals of scalars, and lists of scalars (which
/// take a pair per element: `?tag=a&tag=b`). What is missing keeps its default: what has no
/// sensible one belongs into the path or the body. Unknown names, repeated names and broken limits are
/// told all at once, under `?name`; then `check` is asked. Refuses with `invalid`.
[[nodiscard]] Result<void> read_query(
    const Type& type, void* out, std::span<const PlainPair> pairs
);

/// The value in the form that `read_plain` reads; an empty optional is empty text. For links and messages.
[[nodiscard]] std::string plain_text(const Type& type, const void* value);

} // namespace backline::schema
