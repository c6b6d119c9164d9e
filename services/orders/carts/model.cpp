#include "services/orders/carts/model.hpp"

#include "services/orders/errors.hpp"

#include <algorithm>

namespace backline::orders {

namespace {

constexpr std::size_t lines_max = 100;

Cart touched(const Cart& cart, Instant now) {
    Cart next = cart;
    next.changed_at = now;
    return next;
}

} // namespace

Result<void> may_change(const Cart* cart, const users::CustomerId& customer) {
    if (cart == nullptr || cart->customer != customer) {
        return refuse(error("cart_unknown"), "You have no such cart.");
    }
    if (cart->status == CartStatus::placed) {
        return refuse(error("cart_placed"), "It is order " + cart->order->text() + " now.");
    }
    return {};
}

Result<Change<Cart>> set_line(const Cart& cart, SkuQuantity line, Instant now) {
    Cart next = touched(cart, now);
    const auto known = std::ranges::find(next.lines, line.sku, &SkuQuantity::sku);
    if (known != next.lines.end()) {
        known->quantity = line.quantity;
        return Change<Cart>::to(std::move(next));
    }
    if (next.lines.size() == lines_max) {
        return refuse(error("cart_full"), "The cart has 100 lines already.");
    }
    next.lines.push_back(std::move(line));
    return Change<Cart>::to(std::move(next));
}

Result<Change<Cart>> remove_line(const Cart& cart, const catalog::Sku& sku, Instant now) {
    Cart next = touched(cart, now);
    const auto removed =
        std::erase_if(next.lines, [&](const SkuQuantity& line) { return line.sku == sku; });
    return removed == 0 ? Change<Cart>::nothing() : Change<Cart>::to(std::move(next));
}

Result<Change<Cart>> set_address(const Cart& cart, const Address& address, Instant now) {
    Cart next = touched(cart, now);
    next.shipping_address = address;
    return Change<Cart>::to(std::move(next));
}

Result<Change<Cart>> place(const Cart& cart, const Quote& quote, OrderId order, Instant now) {
    if (cart.status == CartStatus::placed) return Change<Cart>::nothing();
    if (cart.lines.empty()) return refuse(error("cart_empty"), "There is nothing to order.");
    if (!cart.shipping_address) {
        return refuse(error("address_missing"), "Where shall the goods go?");
    }
    if (!std::ranges::equal(cart.lines, quote.lines, {}, {}, &QuotedLine::line)) {
        return refuse(error("cart_changed"), "Its lines are not those that were priced.");
    }
    if (quote.totals.total.is_zero()) {
        return refuse(error("nothing_to_pay"), "There would be no payment to make.");
    }
    Cart next = touched(cart, now);
    next.status = CartStatus::placed;
    next.order = order;
    next.placed_for = quote;
    return Change<Cart>::to(std::move(next));
}

} // namespace backline::orders
