#pragma once

#include "platform/base/type.hpp"
#include "platform/http/message.hpp"

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Refusals and failures as RFC 9457 problems: the only form in which an error leaves the program.
namespace backline::http {

struct FieldErrorView {
    std::string pointer;
    std::string code;
    std::string detail;

    static constexpr std::string_view schema_name = "FieldError";
    static constexpr FieldDoc docs[] = {
        {"pointer", "`#/lines/0/quantity` in the body, `?limit` in the query."},
        {"code", "What is wrong with the field, for programs."},
        {"detail", "The same for a person."},
    };
};
BOOST_DESCRIBE_STRUCT(FieldErrorView, (), (pointer, code, detail))

struct ProblemView {
    std::string type;
    std::string title;
    std::int64_t status;
    std::string detail;
    std::string instance;
    std::string code;
    std::optional<std::vector<FieldErrorView>> errors{};
    std::optional<std::int64_t> retry_after_ms{};

    static constexpr std::string_view schema_name = "Problem";
    static constexpr FieldDoc docs[] = {
        {"", "What every refusal and failure looks like (RFC 9457)."},
        {"type", "The page that explains the code: `/problems/<code>`."},
        {"instance", "The id of this request, as in the log."},
        {"code", "Stable; what programs look at."},
    };
};
BOOST_DESCRIBE_STRUCT(
    ProblemView, (), (type, title, status, detail, instance, code, errors, retry_after_ms)
)

[[nodiscard]] Response problem_response(const Problem& problem, const std::string& request_id);

/// What became of a request whose handling threw.
struct Failure {
    Problem problem;
    std::string cause; ///< For the log only; empty for a refusal, which is nobody's mistake here.
    bool our_fault = false;
};

/// The one place where exceptions become answers: `Refused` is its problem, `Unavailable` a 503, everything else a 500
/// that tells nothing.
[[nodiscard]] Failure failure_of(const std::exception_ptr& thrown);

} // namespace backline::http
