#pragma once

#include <utility>

namespace backline {

/// A value that must not show: a password, a token, a key. It has no formatter and no `<<`, is never written into an
/// answer or a log (the JSON writer breaks an invariant instead), and is shown as `***` in a printed configuration.
/// Requests and configuration may be read into it; only a stored document may hold it.
template <class T> class Secret final {
public:
    Secret() = default;

    explicit Secret(T value) : value_(std::move(value)) {}

    /// The value itself. Every call is a place to look at in a review.
    [[nodiscard]] const T& reveal() const { return value_; }

    /// The place for the reader to put the value into.
    T& fill() { return value_; }

    bool operator==(const Secret&) const = default;

private:
    T value_{};
};

} // namespace backline
