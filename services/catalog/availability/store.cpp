#include "services/catalog/availability/store.hpp"

namespace backline::catalog {

const store::CollectionSpec availability_spec{.service = "catalog", .name = "availability"};

} // namespace backline::catalog
