#include "services/inventory/stock/store.hpp"

namespace backline::inventory {

const store::CollectionSpec stock_spec{
    .service = "inventory", .name = "stock", .indexes = {{.name = "by_sku", .fields = {"sku"}}}
};

const store::CollectionSpec adjustments_spec{
    .service = "inventory",
    .name = "adjustments",
    .indexes = {{.name = "by_due_at", .fields = {"due_at"}}}
};

} // namespace backline::inventory
