#include "services/orders/checkout/handlers.hpp"

#include "platform/service/paging.hpp"
#include "services/orders/carts/handlers.hpp"
#include "services/orders/errors.hpp"

#include <algorithm>

namespace backline::orders {

Task<http::Created<PlacedOrder>> OrderHandlers::place_order(http::Context& ctx, PlaceOrder body) {
    admit();
    const users::CustomerId customer = customer_of(ctx);
    const store::Cause cause{ctx.request.traceparent};
    const store::Versioned<Cart> cart = co_await carts_.find(body.cart);
    if (!cart || cart->customer != customer) {
        throw Refused({&error("cart_unknown"), "You have no such cart."});
    }
    const OrderId minted = co_await keys_.mint<OrderId>(ctx, "place_order", body);
    const Quote quote = co_await quote_for(*cart);
    const auto claim = [&](const Cart* current) {
        return place(*current, quote, minted, ctx.now.utc);
    };
    const auto claimed = co_await carts_.update(body.cart, claim, cause);
    const OrderId id = *unwrap(claimed)->order;
    const auto insert = [&](const Order* known) -> Result<Change<Order>> {
        if (known != nullptr) return Change<Order>::nothing();
        return new_order(id, **claimed, body.payment_token, ctx.now.utc);
    };
    const auto order = co_await orders_.update(id, insert, cause, {.creates = true});
    co_return http::Created<PlacedOrder>{placed_view_of(*unwrap(order)), "/v1/orders/" + id.text()};
}

void OrderHandlers::admit() const {
    if (std::cmp_less_equal(store_.backlog(), config_.backlog_max.value())) return;
    throw Unavailable(Unavailable::Outcome::not_done, "the backlog is too long for new orders");
}

/// The price of a cart that is about to be placed, or for which it was placed before.
Task<Quote> OrderHandlers::quote_for(const Cart& cart) {
    if (cart.placed_for) co_return *cart.placed_for;
    QuoteResult result = co_await look_up_quote(prices_, cart.lines, config_);
    if (!result.not_sellable.empty()) {
        const std::string sku = result.not_sellable.front().text();
        throw Refused({&error("sku_not_sellable"), sku + " is not for sale; remove its line."});
    }
    co_return std::move(result.quote);
}

Task<OrderView> OrderHandlers::show(http::Context& ctx, OrderId id, http::Query<TrackOrder> query) {
    const Duration patience = std::chrono::seconds{query->wait ? query->wait->value() : 0};
    const std::int64_t after = query->after_version ? query->after_version->value() : 0;
    const Monotonic until = std::min(ctx.now.monotonic + patience, ctx.request.deadline);
    store::Versioned<Order> order = co_await visible(ctx, id);
    while (order.version <= after && ctx.runtime.now().monotonic < until) {
        co_await steps_.wait_for_news(id);
        order = co_await newer(ctx, id, after);
    }
    co_return view_of(*order, order.version);
}

Task<http::Page<OrderView>> OrderHandlers::list(http::Context& ctx, http::Query<ListOrders> query) {
    store::Range range{.index = orders_by_customer, .equals = {ctx.principal.subject}};
    range.descending = true;
    if (query->status) {
        const std::string status(name_of(*query->status));
        const bool all = ctx.principal.may("orders:read");
        range.index = all ? orders_by_status : orders_by_customer_status;
        range.equals = all ? store::Key{status} : store::Key{ctx.principal.subject, status};
    }
    const auto found = co_await orders_.page(paged(*query, std::move(range)));
    co_return page_of(unwrap(found));
}

Task<http::Accepted<OrderView>> OrderHandlers::cancel(http::Context& ctx, OrderId id) {
    const store::Versioned<Order> seen = co_await visible(ctx, id);
    const bool own = seen->customer.text() == ctx.principal.subject;
    if (!own) http::require_permission(ctx.principal, "orders:cancel");
    const EndReason reason = own ? EndReason::customer_cancelled : EndReason::staff_cancelled;
    News news{.what = Incoming::cancel_asked, .reason = reason};
    const store::Cause cause{ctx.request.traceparent};
    const store::Terms terms{.version = ctx.request.if_match.version};
    const auto order = co_await steps_.step(id, std::move(news), cause, terms);
    const auto cancelled = unwrap(order);
    co_return http::Accepted<OrderView>{
        view_of(*cancelled, cancelled.version), "/v1/orders/" + id.text()
    };
}

/// Whoever has waited is content with any version that came meanwhile, and most likely it was made here. To be asked
/// only after `visible`, or it might be one from long ago.
Task<store::Versioned<Order>> OrderHandlers::newer(
    http::Context& ctx, OrderId id, std::int64_t after
) {
    const store::Versioned<Order> known = orders_.recent(id);
    const bool is_news = known && known.version > after;
    if (!is_news) co_return co_await visible(ctx, id);
    require_visible(ctx, known);
    co_return known;
}

Task<store::Versioned<Order>> OrderHandlers::visible(http::Context& ctx, OrderId id) {
    const store::Versioned<Order> order = co_await orders_.find(id);
    require_visible(ctx, order);
    co_return order;
}

void OrderHandlers::require_visible(
    const http::Context& ctx, const store::Versioned<Order>& order
) {
    const bool may = order && (order->customer.text() == ctx.principal.subject ||
                               ctx.principal.may("orders:read"));
    if (!may) throw Refused({&error("order_unknown"), "You have no such order."});
}

} // namespace backline::orders
