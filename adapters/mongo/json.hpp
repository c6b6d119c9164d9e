#pragma once

#include "adapters/mongo/bson.hpp"

#include <string>
#include <string_view>

/// Bodies are JSON for the store port and real BSON in the database, so that people can query them. This converter is
/// ours because libbson's gives `$`-keys a meaning and changes numbers. Keys, their order and every value survive;
/// what our writer wrote comes back byte by byte.
///
/// Whole numbers that fit are int64, other numbers are doubles; a number that neither gives back as it was written
/// (`1.50`, `-0`, thirty digits) is kept as its text, in a binary of the user-defined subtype.
namespace backline::mongo {

/// Adds a JSON value. It must be valid JSON, nested at most 64 deep, no key with a NUL in it.
void append_json(Bson& document, std::string_view key, std::string_view json);

/// Appends the JSON of an element that `append_json` wrote.
void write_json(const Element& element, std::string& out);

/// The JSON of the element of this key; empty if there is none.
[[nodiscard]] std::string json_at(const View& document, std::string_view key);

} // namespace backline::mongo
