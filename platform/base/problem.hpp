#pragma once

#include "platform/base/time.hpp"

#include <expected>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backline {

/// One refusal that a service can give: a row of its `errors.hpp`. The catalogue is the only place that knows status
/// and title; the error reference, the OpenAPI responses and the `/problems/<code>` pages are made from it.
struct Refusal {
    std::string_view
        code;   ///< `order_not_cancellable`: stable, unique in the shop, what programs look at.
    int status; ///< The HTTP status; always 4xx.
    std::string_view title;   ///< One short sentence, the same for every occurrence.
    std::string_view meaning; ///< What the caller can do about it.
};

/// Finds a row at compile time; a code that is not in the catalogue does not compile.
consteval const Refusal& find_refusal(std::span<const Refusal> catalogue, std::string_view code) {
    for (const Refusal& row : catalogue) {
        if (row.code == code) return row;
    }
    throw "this code is not in the service's errors.hpp";
}

/// What is wrong with one field of a request. `pointer` is a JSON pointer (RFC 6901) into the body, such as
/// `#/lines/0/quantity`, or `?limit` for a query parameter.
struct FieldError {
    std::string pointer;
    std::string code;
    std::string detail;

    bool operator==(const FieldError&) const = default;
};

/// A refusal on its way to the caller: a catalogue row plus what is particular to this occurrence. Sent as RFC 9457
/// `application/problem+json`. Never holds anything that the caller may not know.
struct Problem {
    const Refusal* refusal; ///< Points into a constexpr catalogue; never null.
    std::string detail;     ///< For a person; says what to do next where that is possible.
    std::vector<FieldError> errors{};
    std::optional<Duration> retry_after{};
};

/// A value, or the reason why there is none. What `model` functions and ports answer when a refusal is expected.
template <class T> using Result = std::expected<T, Problem>;

/// `return refuse(error("cart_empty"), "...")` from any function that answers a `Result`.
[[nodiscard]] inline std::unexpected<Problem> refuse(
    const Refusal& refusal, std::string detail, std::vector<FieldError> errors = {}
) {
    return std::unexpected(Problem{&refusal, std::move(detail), std::move(errors)});
}

/// A `Problem` that travels up through coroutines to the HTTP or message boundary, which turns it into an answer.
class Refused final : public std::exception {
public:
    explicit Refused(Problem problem) : problem_(std::move(problem)) {}

    [[nodiscard]] const Problem& problem() const { return problem_; }

    [[nodiscard]] const char* what() const noexcept override { return problem_.detail.c_str(); }

private:
    Problem problem_;
};

/// The seam between pure code and coroutines: the value, or `Refused` thrown with the problem.
template <class T> [[nodiscard]] T unwrap(Result<T> result) {
    if (!result) throw Refused(std::move(result.error()));
    return std::move(*result);
}

inline void unwrap(Result<void> result) {
    if (!result) throw Refused(std::move(result.error()));
}

/// As `unwrap` where the value itself is of no interest.
template <class T> void require(const Result<T>& result) {
    if (!result) throw Refused(result.error());
}

/// The environment failed: a store, a broker, a provider. Adapters throw it. It says honestly whether the work was
/// certainly not done or may have been done; who gets `unknown` asks before repeating anything that is not idempotent.
class Unavailable final : public std::runtime_error {
public:
    enum class Outcome { not_done, unknown };

    Unavailable(Outcome outcome, const std::string& cause, Duration retry_after = Duration{1000})
        : std::runtime_error(cause)
        , outcome_(outcome)
        , retry_after_(retry_after) {}

    [[nodiscard]] Outcome outcome() const { return outcome_; }

    [[nodiscard]] Duration retry_after() const { return retry_after_; }

private:
    Outcome outcome_;
    Duration retry_after_;
};

} // namespace backline
