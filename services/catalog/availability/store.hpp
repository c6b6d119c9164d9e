#pragma once

#include "platform/store/collection.hpp"
#include "services/catalog/availability/model.hpp"

/// What is kept about availability.
namespace backline::catalog {

/// `availability`: one document per SKU.
extern const store::CollectionSpec availability_spec;

using AvailabilityCollection = store::Collection<Availability>;

} // namespace backline::catalog
