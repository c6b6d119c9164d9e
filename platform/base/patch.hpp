#pragma once

#include <utility>
#include <variant>

namespace backline {

/// One field of a PATCH request, where three things differ: the field is absent (leave it), it is `null` (clear it), it
/// has a value (set it). For fields that can be set but not cleared, `std::optional` says that better.
template <class T> class Patch final {
public:
    Patch() = default;

    explicit Patch(T value) : state_(std::move(value)) {}

    [[nodiscard]] static Patch null() {
        Patch made;
        made.state_ = Null{};
        return made;
    }

    [[nodiscard]] bool is_absent() const { return std::holds_alternative<std::monostate>(state_); }

    [[nodiscard]] bool is_null() const { return std::holds_alternative<Null>(state_); }

    [[nodiscard]] bool has_value() const { return std::holds_alternative<T>(state_); }

    /// The value; null pointer when there is none.
    [[nodiscard]] const T* value() const { return std::get_if<T>(&state_); }

    /// Makes it a default value and answers that, to be filled in.
    T& emplace() { return state_.template emplace<T>(); }

    /// What the request asks for, done to `target` (a `std::optional<T>`).
    template <class Optional> void apply_to(Optional& target) const {
        if (is_null()) target.reset();
        if (const T* set = value()) target = *set;
    }

    bool operator==(const Patch&) const = default;

private:
    struct Null {
        bool operator==(const Null&) const = default;
    };

    std::variant<std::monostate, Null, T> state_;
};

} // namespace backline
