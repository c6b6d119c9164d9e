#include "services/orders/checkout/store.hpp"

namespace backline::orders {

const store::CollectionSpec orders_spec{
    .service = "orders",
    .name = "orders",
    .indexes =
        {
            {.name = "by_due_at", .fields = {"due_at"}},
            {.name = "by_customer", .fields = {"customer", "placed_at"}},
            {.name = "by_customer_status", .fields = {"customer", "status", "placed_at"}},
            {.name = "by_status", .fields = {"status", "placed_at"}},
        }
};

} // namespace backline::orders
