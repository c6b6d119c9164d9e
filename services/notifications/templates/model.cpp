#include "services/notifications/templates/model.hpp"

#include "platform/base/invariant.hpp"
#include "services/notifications/errors.hpp"

#include <algorithm>

namespace backline::notifications {

const std::vector<KindRow>& kind_rows() {
    static const std::vector<KindRow> rows{
        {"welcome", {"name"}},
        {"order_confirmed", {"name", "number", "total"}},
        {"order_rejected", {"name", "number", "reason"}},
        {"order_cancelled", {"name", "number", "reason", "returned"}},
        {"payment_refunded", {"name", "amount", "reason"}},
    };
    return rows;
}

const KindRow* kind_of(std::string_view name) {
    const auto row = std::ranges::find(kind_rows(), name, &KindRow::name);
    return row == kind_rows().end() ? nullptr : &*row;
}

Template parse_seed(std::string_view name, std::string_view file) {
    constexpr std::string_view subject_mark = "Subject: ";
    constexpr std::string_view html_mark = "--- html ---\n";
    const std::size_t line = file.find('\n');
    const std::size_t html = file.find(html_mark);
    INVARIANT(
        file.starts_with(subject_mark) && html != std::string_view::npos,
        "a template file has a subject and an HTML part"
    );
    const auto text = file.substr(line + 2, html - line - 2);
    return {
        TemplateName::of(name),
        TemplateSubject::of(file.substr(subject_mark.size(), line - subject_mark.size())),
        TemplateText::of(text),
        TemplateText::of(file.substr(html + html_mark.size()))
    };
}

Result<Change<Template>> edit(
    const Template& known, const EditTemplate& asked, const std::set<std::string>& mentioned
) {
    const KindRow* kind = kind_of(known.name.text());
    for (const std::string& name : mentioned) {
        const bool has =
            kind != nullptr && std::ranges::find(kind->values, name) != kind->values.end();
        if (!has) return refuse(error("template_name_unknown"), "There is no value " + name + ".");
    }
    return Change<Template>::to({known.name, asked.subject, asked.text, asked.html});
}

TemplateView view_of(const Template& known, std::int64_t version) {
    TemplateView view{known.name, known.subject, known.text, known.html, {}, version};
    if (const KindRow* kind = kind_of(known.name.text())) {
        for (const std::string_view value : kind->values) {
            view.values.push_back(Text<1, 60>::of(value));
        }
    }
    return view;
}

} // namespace backline::notifications
