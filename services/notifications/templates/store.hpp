#pragma once

#include "platform/store/collection.hpp"
#include "services/notifications/templates/model.hpp"

/// What is kept about templates.
namespace backline::notifications {

/// `templates`: one document per kind of message.
extern const store::CollectionSpec templates_spec;
inline constexpr std::size_t templates_by_name = 0;

using TemplateCollection = store::Collection<Template>;

/// The words that the program brings along, made from `services/notifications/seeds` when it is built.
[[nodiscard]] std::vector<Template> template_seeds();

/// Stores each seed that the store has no template of; staff's own words stay.
Task<> plant_seeds(TemplateCollection& templates);

} // namespace backline::notifications
