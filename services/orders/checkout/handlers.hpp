#pragma once

#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"
#include "platform/service/idempotency.hpp"
#include "services/orders/carts/store.hpp"
#include "services/orders/checkout/reactions.hpp"
#include "services/orders/checkout/store.hpp"
#include "services/orders/prices/store.hpp"

/// Requests about orders.
namespace backline::orders {

class OrderHandlers final {
public:
    OrderHandlers(
        OrderCollection& orders,
        CartCollection& carts,
        PriceCollection& prices,
        IdempotencyKeys& keys,
        OrderSteps& steps,
        const store::Store& store,
        const Config& config
    )
        : orders_(orders)
        , carts_(carts)
        , prices_(prices)
        , keys_(keys)
        , steps_(steps)
        , store_(store)
        , config_(config) {}

    /// Turns a cart into an order and sets its saga going. Three commits: the key, the cart, the order; wherever it is
    /// cut off, a repetition carries on. Two requests for one cart get one order.
    Task<http::Created<PlacedOrder>> place_order(http::Context& ctx, PlaceOrder body);

    /// To its owner and to staff with `orders:read`; waits for news if asked to.
    Task<OrderView> show(http::Context& ctx, OrderId id, http::Query<TrackOrder> query);

    Task<http::Page<OrderView>> list(http::Context& ctx, http::Query<ListOrders> query);

    /// Cancels at any time before the goods leave. Nothing if it is being done already. By its owner, and by staff with
    /// `orders:cancel`.
    Task<http::Accepted<OrderView>> cancel(http::Context& ctx, OrderId id);

private:
    /// Throws `Unavailable` while the shop has more to catch up on than new orders are worth.
    void admit() const;
    Task<Quote> quote_for(const Cart& cart);
    Task<store::Versioned<Order>> newer(http::Context& ctx, OrderId id, std::int64_t after);
    Task<store::Versioned<Order>> visible(http::Context& ctx, OrderId id);
    static void require_visible(const http::Context& ctx, const store::Versioned<Order>& order);

    OrderCollection& orders_;
    CartCollection& carts_;
    PriceCollection& prices_;
    IdempotencyKeys& keys_;
    OrderSteps& steps_;
    const store::Store& store_;
    const Config& config_;
};

} // namespace backline::orders
