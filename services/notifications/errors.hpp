#pragma once

#include "platform/base/problem.hpp"

#include <array>
#include <string_view>

namespace backline::notifications {

/// Every refusal that the Notification Service can give.
inline constexpr std::array refusals{
    Refusal{
        .code = "template_unknown",
        .status = 404,
        .title = "There is no such template.",
        .meaning = "List the templates for their names."
    },
    Refusal{
        .code = "template_name_unknown",
        .status = 422,
        .title = "The template mentions a value that its messages do not have.",
        .meaning = "Use the names that the template lists as its values."
    },
};

consteval const Refusal& error(std::string_view code) {
    return find_refusal(refusals, code);
}

} // namespace backline::notifications
