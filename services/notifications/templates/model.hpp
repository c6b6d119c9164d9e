#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/notifications/templates/api.hpp"

#include <boost/describe/class.hpp>

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Decisions about templates. Pure.
namespace backline::notifications {

/// The words of one kind of message; its id is its name.
struct Template {
    TemplateName name;
    TemplateSubject subject;
    TemplateText text;
    TemplateText html;
};
BOOST_DESCRIBE_STRUCT(Template, (), (name, subject, text, html))

/// One kind of message: which values its template may place. The names of kinds are the names of templates.
struct KindRow {
    std::string_view name;
    std::vector<std::string_view> values;
};

[[nodiscard]] const std::vector<KindRow>& kind_rows();

/// Null if there is no such kind.
[[nodiscard]] const KindRow* kind_of(std::string_view name);

/// The template as a file of the program: `Subject: ...`, then the text, a line `--- html ---`, then the HTML.
[[nodiscard]] Template parse_seed(std::string_view name, std::string_view file);

/// Refuses `template_name_unknown` if it mentions what its kind does not have.
Result<Change<Template>> edit(
    const Template& known, const EditTemplate& asked, const std::set<std::string>& mentioned
);

[[nodiscard]] TemplateView view_of(const Template& known, std::int64_t version);

} // namespace backline::notifications
