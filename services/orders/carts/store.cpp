#include "services/orders/carts/store.hpp"

namespace backline::orders {

const store::CollectionSpec carts_spec{.service = "orders", .name = "carts"};

} // namespace backline::orders
