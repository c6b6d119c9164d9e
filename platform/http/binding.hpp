#pragma once

#include "platform/base/problem.hpp"
#include "platform/http/message.hpp"
#include "platform/http/routes.hpp"

#include <optional>
#include <string>
#include <vector>

/// How the parameters of a handler are read from a request.
namespace backline::http {

/// What is wrong with the parameters, sorted by when the caller may hear of it (see `Router`): malformed before the
/// token is looked at, invalid after that, a path that names nothing last.
struct Findings {
    std::optional<Problem> malformed{};
    std::vector<FieldError> invalid{};
    std::optional<std::string> names_nothing{
    }; ///< The path value that cannot be the name of anything.
};

/// Fills `slots` from the decoded values of the path, the query and the body.
[[nodiscard]] Findings fill_slots(
    const std::vector<Slot>& slots,
    const std::vector<std::string>& path_values,
    const Request& request
);

} // namespace backline::http
