#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/orders/carts/api.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <vector>

/// Decisions about carts. Pure.
namespace backline::orders {

/// What somebody means to buy. It becomes an order by its own commit to `placed`, which is why two tabs get one order.
struct Cart {
    CartId id;
    users::CustomerId customer;
    CartStatus status = CartStatus::open;
    List<SkuQuantity, 100> lines; ///< One per SKU, in the order of their arrival.
    std::optional<Address> shipping_address;
    std::optional<OrderId> order;
    Instant changed_at{};
};
BOOST_DESCRIBE_STRUCT(Cart, (), (id, customer, status, lines, shipping_address, order, changed_at))

/// Refuses `cart_unknown` to all but the owner, who is told whether it may still change (`cart_placed`).
Result<void> may_change(const Cart* cart, const users::CustomerId& customer);

Result<Change<Cart>> set_line(const Cart& cart, SkuQuantity line, Instant now);
Result<Change<Cart>> remove_line(const Cart& cart, const catalog::Sku& sku, Instant now);
Result<Change<Cart>> set_address(const Cart& cart, const Address& address, Instant now);

/// The cart becomes `order`, if its lines are still those that were priced. Nothing if it became an order before: the
/// caller finds in `Cart::order` which one. Refuses `cart_empty`, `address_missing`, `cart_changed`.
Result<Change<Cart>> place(
    const Cart& cart, const std::vector<SkuQuantity>& priced, OrderId order, Instant now
);

} // namespace backline::orders
