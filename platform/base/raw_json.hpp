#pragma once

#include <string>

namespace backline {

/// A JSON value that nobody here looks into: it is kept and passed on with its meaning unchanged (white space is not
/// kept). Empty text stands for `null`. What is put in by hand must be valid JSON; the reader guarantees it.
struct Json {
    std::string text;

    bool operator==(const Json&) const = default;
};

} // namespace backline
