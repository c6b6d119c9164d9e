#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/orders/carts/api.hpp"
#include "services/orders/prices/model.hpp"

#include <boost/describe/class.hpp>

#include <optional>

/// Decisions about carts. Pure.
namespace backline::orders {

/// What somebody means to buy. It becomes an order by its own commit to `placed`, which is why two tabs get one order,
/// and which holds all that the order is made of: it may be made later, after a crash and at other prices of the day.
struct Cart {
    CartId id;
    users::CustomerId customer;
    CartStatus status = CartStatus::open;
    List<SkuQuantity, 100> lines; ///< One per SKU, in the order of their arrival.
    std::optional<Address> shipping_address;
    std::optional<OrderId> order;
    std::optional<Quote> placed_for; ///< What its lines cost when it became `order`.
    Instant changed_at{};
};
BOOST_DESCRIBE_STRUCT(
    Cart, (), (id, customer, status, lines, shipping_address, order, placed_for, changed_at)
)

/// Refuses `cart_unknown` to all but the owner, who is told whether it may still change (`cart_placed`).
Result<void> may_change(const Cart* cart, const users::CustomerId& customer);

Result<Change<Cart>> set_line(const Cart& cart, SkuQuantity line, Instant now);
Result<Change<Cart>> remove_line(const Cart& cart, const catalog::Sku& sku, Instant now);
Result<Change<Cart>> set_address(const Cart& cart, const Address& address, Instant now);

/// The cart becomes `order` at the price of `quote`, if its lines are still those that were priced. Nothing if it was
/// placed before: the caller finds in `Cart::order` as which order. Refuses `cart_empty`, `address_missing`,
/// `cart_changed`, `nothing_to_pay`.
Result<Change<Cart>> place(const Cart& cart, const Quote& quote, OrderId order, Instant now);

} // namespace backline::orders
