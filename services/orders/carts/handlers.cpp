#include "services/orders/carts/handlers.hpp"

#include "services/orders/errors.hpp"

#include <algorithm>

namespace backline::orders {

namespace {

CartLineView line_view(const SkuQuantity& line, const Quote& quote) {
    CartLineView view{.sku = line.sku, .quantity = line.quantity};
    const auto quoted = std::ranges::find_if(quote.lines, [&](const QuotedLine& one) {
        return one.line.sku == line.sku;
    });
    if (quoted == quote.lines.end()) return view;
    view.name = quoted->name;
    view.unit_price = quoted->unit_price;
    view.total = quoted->total;
    return view;
}

} // namespace

users::CustomerId customer_of(const http::Context& ctx) {
    return users::CustomerId::of(ctx.principal.subject);
}

Task<http::Created<CartView>> CartHandlers::create(http::Context& ctx) {
    Cart cart{.id = ctx.new_id<CartId>(), .customer = customer_of(ctx), .changed_at = ctx.now.utc};
    const auto decide = [&](const Cart*) -> Result<Change<Cart>> { return Change<Cart>::to(cart); };
    const auto made =
        co_await carts_.update(cart.id, decide, {ctx.request.traceparent}, {.creates = true});
    const CartView view = co_await view_of(unwrap(made));
    co_return http::Created<CartView>{view, "/v1/carts/" + cart.id.text()};
}

Task<CartView> CartHandlers::show(http::Context& ctx, CartId id) {
    const store::Versioned<Cart> cart = co_await carts_.find(id);
    if (!cart || cart->customer != customer_of(ctx)) {
        throw Refused({&error("cart_unknown"), "You have no such cart."});
    }
    co_return co_await view_of(cart);
}

Task<CartView> CartHandlers::set_quantity(
    http::Context& ctx, CartId id, catalog::Sku sku, SetLine body
) {
    const Instant now = ctx.now.utc;
    const SkuQuantity line{sku, body.quantity};
    const Edit set = [&](const Cart& cart) { return set_line(cart, line, now); };
    co_return co_await edit(ctx, id, set);
}

Task<CartView> CartHandlers::remove(http::Context& ctx, CartId id, catalog::Sku sku) {
    const Instant now = ctx.now.utc;
    const Edit drop = [&](const Cart& cart) { return remove_line(cart, sku, now); };
    co_return co_await edit(ctx, id, drop);
}

Task<CartView> CartHandlers::ship_to(http::Context& ctx, CartId id, Address body) {
    const Instant now = ctx.now.utc;
    const Edit set = [&](const Cart& cart) { return set_address(cart, body, now); };
    co_return co_await edit(ctx, id, set);
}

Task<CartView> CartHandlers::edit(http::Context& ctx, CartId id, Edit edit) {
    const users::CustomerId customer = customer_of(ctx);
    const auto decide = [&](const Cart* cart) -> Result<Change<Cart>> {
        if (Result<void> may = may_change(cart, customer); !may) {
            return std::unexpected(std::move(may.error()));
        }
        return edit(*cart);
    };
    const store::Terms terms{.version = ctx.request.if_match.version};
    const auto cart = co_await carts_.update(id, decide, {ctx.request.traceparent}, terms);
    co_return co_await view_of(unwrap(cart));
}

Task<CartView> CartHandlers::view_of(store::Versioned<Cart> cart) {
    std::optional<Quote> quote = cart->placed_for;
    if (!quote) {
        QuoteResult priced = co_await look_up_quote(prices_, cart->lines, config_);
        quote = std::move(priced.quote);
    }
    CartView view{
        .id = cart->id,
        .status = cart->status,
        .shipping_address = cart->shipping_address,
        .totals = quote->totals,
        .order = cart->order,
        .version = cart.version
    };
    for (const SkuQuantity& line : cart->lines) view.lines.push_back(line_view(line, *quote));
    co_return view;
}

} // namespace backline::orders
