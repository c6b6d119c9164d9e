#pragma once

#include "platform/base/problem.hpp"

#include <array>
#include <map>
#include <set>
#include <string>

/// Logic-less templates (mustache): safe for people who are no programmers, since a template can only place values.
namespace backline::render {

using Variables = std::map<std::string, std::string>;

/// What is done to values on their way in: nothing in plain text, entities in HTML.
enum class Escape { none, html };

inline constexpr std::array refusals{
    Refusal{
        .code = "template_invalid",
        .status = 422,
        .title = "The template cannot be read.",
        .meaning = "Correct the tag that the detail names; values are written {{name}}."
    },
};

/// The template with its values; names that `variables` does not have become nothing. Refuses `template_invalid`.
[[nodiscard]] Result<std::string> render(
    const std::string& text, const Variables& variables, Escape escape
);

/// The names that a template mentions. Refuses `template_invalid`, also where a value would not be escaped.
[[nodiscard]] Result<std::set<std::string>> names_in(const std::string& text);

} // namespace backline::render
