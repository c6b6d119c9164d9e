#include "services/notifications/service.hpp"

#include "platform/service/due.hpp"
#include "services/notifications/errors.hpp"
#include "services/notifications/messages/handlers.hpp"
#include "services/notifications/messages/reactions.hpp"
#include "services/notifications/templates/handlers.hpp"

// START HERE: everything that the Notification Service serves, hears, does by the clock and keeps.
namespace backline::notifications {

namespace {

using security::Access;

struct Parts {
    Parts(Backends on, Mailer& mailer)
        : templates(on.store, on.runtime, templates_spec)
        , contacts(on.store, on.runtime, contacts_spec)
        , messages(on.store, on.runtime, messages_spec)
        , news(on.runtime, contacts, messages, templates, mailer) {}

    TemplateCollection templates;
    ContactCollection contacts;
    MessageCollection messages;

    TemplateHandlers template_requests{templates};
    MessageHandlers message_requests{messages};
    MessageReactions news;
};

http::Routes routes(Parts& on) {
    using T = TemplateHandlers;
    using M = MessageHandlers;
    const Access read = Access::needs("notifications:read");
    const Access write = Access::needs("notifications:write");
    return {
        get("/v1/templates", on.template_requests, &T::list, read, "List templates"),
        get("/v1/templates/{name}", on.template_requests, &T::show, read, "Show a template")
            .refuses(error("template_unknown")),
        put("/v1/templates/{name}", on.template_requests, &T::change, write, "Change a template")
            .versioned()
            .refuses(error("template_unknown"), error("template_name_unknown")),
        get("/v1/notifications", on.message_requests, &M::list, read, "List messages"),
    };
}

std::vector<Reaction> reactions(MessageReactions& on) {
    using R = MessageReactions;
    return {
        backline::on(on, &R::contact_changed),
        backline::on(on, &R::user_registered),
        backline::on(on, &R::order_confirmed),
        backline::on(on, &R::order_rejected),
        backline::on(on, &R::order_cancelled),
        backline::on(on, &R::payment_refunded),
    };
}

std::vector<Timer> timers(Parts& on) {
    return {
        when_due(
            "notifications.due",
            on.messages,
            messages_by_due_at,
            on.news,
            &MessageReactions::message_due
        ),
    };
}

} // namespace

Service make_service(Backends backends, Mailer& mailer) {
    auto parts = std::make_shared<Parts>(backends, mailer);
    return {
        .name = "notifications",
        .collections = {&templates_spec, &contacts_spec, &messages_spec},
        .routes = routes(*parts),
        .reactions = reactions(parts->news),
        .timers = timers(*parts),
        .on_start = [&templates = parts->templates] { return plant_seeds(templates); },
        .on_stop = [&news = parts->news] { return news.stop(); },
        .refusals = refusals,
        .parts = parts,
    };
}

} // namespace backline::notifications
