#include "platform/render/mustache.hpp"

#include <kainjow/mustache.hpp>

namespace backline::render {

namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

constexpr const Refusal& invalid = find_refusal(refusals, "template_invalid");

} // namespace

Result<std::string> render(const std::string& text, const Variables& variables, Escape escape) {
    mustache parsed(text);
    if (!parsed.is_valid()) return refuse(invalid, parsed.error_message());
    if (escape == Escape::none) {
        parsed.set_custom_escape([](const std::string& value) { return value; });
    }
    data values;
    for (const auto& [name, value] : variables) values.set(name, value);
    return parsed.render(values);
}

/// The library tells names only while it renders, so they are found by their braces; what remains is its parser's.
Result<std::set<std::string>> names_in(const std::string& text) {
    if (mustache parsed(text); !parsed.is_valid()) return refuse(invalid, parsed.error_message());
    std::set<std::string> names;
    std::size_t at = text.find("{{");
    while (at != std::string::npos) {
        const std::size_t tag = text.find_first_not_of(' ', at + 2);
        if (tag != std::string::npos && (text[tag] == '{' || text[tag] == '&')) {
            return refuse(invalid, "Values are always escaped: write {{name}}.");
        }
        const std::size_t begin = text.find_first_not_of("#/^ ", tag);
        const std::size_t end = text.find_first_of("} ", begin);
        if (begin == std::string::npos || end == std::string::npos) break;
        names.insert(text.substr(begin, end - begin));
        at = text.find("{{", end);
    }
    return names;
}

} // namespace backline::render
