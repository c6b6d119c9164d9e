#include "services/inventory/holds/store.hpp"

namespace backline::inventory {

const store::CollectionSpec holds_spec{
    .service = "inventory",
    .name = "holds",
    .indexes = {{.name = "by_due_at", .fields = {"due_at"}}}
};

} // namespace backline::inventory
