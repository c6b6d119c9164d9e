#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backline::schema {

/// Appends one step to a JSON pointer in its URI fragment form (RFC 6901, section 6): `#` and `a b/c` give
/// `#/a%20b~1c`. Keys come from strangers: a step longer than 100 bytes is cut.
void append_step(std::string& pointer, std::string_view key);
void append_step(std::string& pointer, std::size_t index);

/// Members of a stored document that this version of the program does not know, as one text with a line per object that
/// has some: `pointer TAB members LF`, where `members` is `"line3":"c/o","zone":7`. Neither a pointer nor compact JSON
/// can hold a raw tab or line feed, so nothing is escaped.
///
/// Adds the `member` (`"zone":7`) to the object at `pointer`.
void add_unknown(std::string& unknown, std::string_view pointer, std::string_view member);

/// The members of the object at `pointer`; empty when it has none.
[[nodiscard]] std::string_view find_unknown(std::string_view unknown, std::string_view pointer);

} // namespace backline::schema
