#include "services/notifications/templates/handlers.hpp"

#include "platform/render/mustache.hpp"
#include "platform/service/paging.hpp"
#include "services/notifications/errors.hpp"

namespace backline::notifications {

namespace {

std::set<std::string> mentioned_in(const EditTemplate& asked) {
    std::set<std::string> all;
    for (const std::string& part : {asked.subject.text(), asked.text.text(), asked.html.text()}) {
        all.merge(unwrap(render::names_in(part)));
    }
    return all;
}

} // namespace

Task<http::Page<TemplateView>> TemplateHandlers::list(http::Context&, http::Query<Paging> query) {
    const auto range = paged(*query, {.index = templates_by_name});
    const auto found = co_await templates_.page(range);
    co_return page_of(unwrap(found));
}

Task<TemplateView> TemplateHandlers::show(http::Context&, TemplateName name) {
    const store::Versioned<Template> known = co_await templates_.find(name);
    if (!known) throw Refused({&error("template_unknown"), "No message has this name."});
    co_return view_of(*known, known.version);
}

Task<TemplateView> TemplateHandlers::change(
    http::Context& ctx, TemplateName name, EditTemplate body
) {
    const std::set<std::string> mentioned = mentioned_in(body);
    const auto decide = [&](const Template* known) -> Result<Change<Template>> {
        if (known == nullptr) return refuse(error("template_unknown"), "No message has this name.");
        return edit(*known, body, mentioned);
    };
    const store::Terms terms{.version = ctx.request.if_match.version};
    const auto changed = co_await templates_.update(name, decide, {ctx.request.traceparent}, terms);
    const auto known = unwrap(changed);
    co_return view_of(*known, known.version);
}

} // namespace backline::notifications
