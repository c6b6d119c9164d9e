#include "services/notifications/templates/store.hpp"

namespace backline::notifications {

const store::CollectionSpec templates_spec{
    .service = "notifications",
    .name = "templates",
    .indexes = {{.name = "by_name", .fields = {"name"}}}
};

Task<> plant_seeds(TemplateCollection& templates) {
    for (const Template& seed : template_seeds()) {
        const auto decide = [&](const Template* known) -> Result<Change<Template>> {
            return known ? Change<Template>::nothing() : Change<Template>::to(seed);
        };
        const auto planted = co_await templates.update(seed.name, decide);
        require(planted);
    }
}

} // namespace backline::notifications
