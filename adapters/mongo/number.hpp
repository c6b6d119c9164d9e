#pragma once

#include "adapters/mongo/bson.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace backline::mongo {

/// A JSON number as it is stored: whatever gives back the text that it was written as.
using Number = std::variant<std::int64_t, double, std::string>;

[[nodiscard]] Number number_of(std::string text);

/// Appends a number under `key`, as libbson's own functions do.
[[nodiscard]] bool append_number(
    bson_t* document, const char* key, int key_size, const Number& number
);

/// Appends the text of an element that is a number; false if it is none.
[[nodiscard]] bool write_number(const Element& element, std::string& out);

} // namespace backline::mongo
