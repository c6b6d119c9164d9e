#pragma once

#include "platform/base/kinds.hpp"
#include "platform/base/problem.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace backline::schema {

/// What is wrong with one value, without saying where: the code and the sentence of a `FieldError`.
struct Fault {
    std::string_view code; ///< A literal.
    std::string detail;
};

/// Why `ops.parse` said no to `raw`: `too_short`, `too_long` or `bad_format`.
[[nodiscard]] Fault text_fault(const TextRules& rules, std::string_view raw);

[[nodiscard]] Fault range_fault(const IntegerOps& ops);

[[nodiscard]] Fault instant_fault();

/// For a name that `type`, an enumeration, does not have.
[[nodiscard]] Fault enum_fault(const Type& type);

/// For a JSON value of the wrong kind; `got` is a word for it: "a string", "null".
[[nodiscard]] Fault wrong_type_fault(const Type& type, std::string_view got);

/// For a key that `object` does not have; names those that it has.
[[nodiscard]] Fault unknown_field_fault(const ObjectOps& object);

/// For a list or map with too few or too many elements.
[[nodiscard]] Fault too_few_fault(std::size_t min);
[[nodiscard]] Fault too_many_fault(std::size_t max);

/// The longest key of a map that a strict reader accepts, in code points.
inline constexpr std::size_t map_key_length_max = 256;

/// More faults than this in one value are not told.
inline constexpr std::size_t errors_max = 64;

/// The `invalid` (422) refusal over these errors, of which there is at least one.
[[nodiscard]] std::unexpected<Problem> refuse_invalid(std::vector<FieldError> errors);

} // namespace backline::schema
