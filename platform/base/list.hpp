#pragma once

#include <cstddef>
#include <vector>

namespace backline {

/// A `std::vector` that says how many elements a reader accepts. A plain vector accepts 1,000. The bound is the
/// reader's: code that appends is not checked.
template <class T, std::size_t max, std::size_t min = 0> struct List final : std::vector<T> {
    using std::vector<T>::vector;

    static constexpr std::size_t min_items = min;
    static constexpr std::size_t max_items = max;
};

} // namespace backline
