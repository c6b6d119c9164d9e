#pragma once

#include "platform/base/invariant.hpp"

#include <compare>
#include <concepts>
#include <limits>
#include <optional>
#include <utility>

namespace backline {

/// A whole number between `lo` and `hi`, both included. It is made by `from` or `of` only, so who holds one need not
/// check it again. A default one is `lo`. The one way around the limits is `unchecked`, which exists for documents
/// stored before a limit was tightened.
template <std::integral I, I lo, I hi> class Bounded final {
    static_assert(lo <= hi, "an empty range");

public:
    using Integer = I;
    static constexpr I min = lo;
    static constexpr I max = hi;

    constexpr Bounded() = default;

    /// The value, or nothing when it is out of range. Takes any integer, so that nothing wraps on the way in.
    [[nodiscard]] static constexpr std::optional<Bounded> from(std::integral auto value) {
        if (std::cmp_less(value, lo) || std::cmp_greater(value, hi)) return std::nullopt;
        return Bounded(static_cast<I>(value));
    }

    /// For a value that the program itself knows to be in range; anything else is a bug.
    [[nodiscard]] static constexpr Bounded of(std::integral auto value) {
        const std::optional<Bounded> made = from(value);
        INVARIANT(made.has_value(), "a bounded number is within its bounds");
        return *made;
    }

    [[nodiscard]] static constexpr Bounded unchecked(I value) { return Bounded(value); }

    [[nodiscard]] constexpr I value() const { return value_; }

    constexpr auto operator<=>(const Bounded&) const = default;

private:
    constexpr explicit Bounded(I value) : value_(value) {}

    I value_ = lo;
};

} // namespace backline
