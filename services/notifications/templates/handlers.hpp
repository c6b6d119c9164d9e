#pragma once

#include "platform/base/paging.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"
#include "services/notifications/templates/store.hpp"

/// Requests of staff about templates.
namespace backline::notifications {

class TemplateHandlers final {
public:
    explicit TemplateHandlers(TemplateCollection& templates) : templates_(templates) {}

    Task<http::Page<TemplateView>> list(http::Context& ctx, http::Query<Paging> query);
    Task<TemplateView> show(http::Context& ctx, TemplateName name);

    /// Refuses a template that cannot be read or that mentions values which its messages do not have.
    Task<TemplateView> change(http::Context& ctx, TemplateName name, EditTemplate body);

private:
    TemplateCollection& templates_;
};

} // namespace backline::notifications
