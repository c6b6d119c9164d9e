#pragma once

#include "platform/base/kinds.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Values made from descriptions: good ones to start from, and everything that a strict reader must refuse.
namespace backline::http_tests {

/// JSON that fits `type` as far as its description tells; rules that only code knows (`accepts`, `check`) may still
/// refuse it.
std::string good_json(const Type& type);

/// The same for a path or a query: no quotes.
std::string good_text(const Type& type);

struct BadJson {
    std::string json;
    std::string pointer; ///< Where the reader must find the fault, without its `#`.
};

/// Values of `type` with exactly one thing wrong, at every depth up to a few levels: types, ranges, lengths, names,
/// missing and unknown fields.
std::vector<BadJson> bad_json(const Type& type);

/// Texts that do not fit a query parameter of this type.
std::vector<std::string> bad_texts(const Type& type);

} // namespace backline::http_tests
