#pragma once

#include "platform/base/list.hpp"
#include "platform/base/text.hpp"
#include "platform/base/type.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string_view>

/// What crosses HTTP about templates.
namespace backline::notifications {

/// `order_confirmed`
using TemplateName = Text<3, 60>;
using TemplateText = Text<1, 20'000>;

/// One line. What it becomes must be a `MailSubject`.
struct TemplateSubjectRule {
    static constexpr TextRules rules{
        .name = "subject", .min = 1, .max = 200, .example = "Your order {{number}} is confirmed"
    };

    static bool accepts(std::string_view raw) {
        return raw.find_first_of("\n\t") == std::string_view::npos;
    }
};

using TemplateSubject = CheckedText<TemplateSubjectRule>;

struct TemplateView {
    TemplateName name;
    TemplateSubject subject;
    TemplateText text;
    TemplateText html;
    List<Text<1, 60>, 40> values; ///< What may stand between double braces.
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(TemplateView, (), (name, subject, text, html, values, version))

/// `PUT /v1/templates/{name}`
struct EditTemplate {
    TemplateSubject subject;
    TemplateText text;
    TemplateText html;
};
BOOST_DESCRIBE_STRUCT(EditTemplate, (), (subject, text, html))

} // namespace backline::notifications
