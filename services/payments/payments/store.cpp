#include "services/payments/payments/store.hpp"

namespace backline::payments {

const store::CollectionSpec payments_spec{
    .service = "payments",
    .name = "payments",
    .indexes =
        {{.name = "by_id", .fields = {"id"}},
         {.name = "by_status", .fields = {"status", "id"}},
         {.name = "by_due_at", .fields = {"due_at"}}}
};

} // namespace backline::payments
