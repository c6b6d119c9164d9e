#pragma once

#include "platform/store/collection.hpp"
#include "services/orders/checkout/model.hpp"

/// What is kept about orders.
namespace backline::orders {

/// `orders`: one document per order, with its saga.
extern const store::CollectionSpec orders_spec;
inline constexpr std::size_t orders_by_due_at = 0;
inline constexpr std::size_t orders_by_customer = 1;
inline constexpr std::size_t orders_by_customer_status = 2;
inline constexpr std::size_t orders_by_status = 3;

using OrderCollection = store::Collection<Order>;

} // namespace backline::orders
