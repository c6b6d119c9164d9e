#include "services/orders/service.hpp"

#include "platform/http/refusals.hpp"
#include "platform/service/due.hpp"
#include "services/orders/carts/handlers.hpp"
#include "services/orders/checkout/handlers.hpp"
#include "services/orders/errors.hpp"
#include "services/orders/prices/reactions.hpp"

// START HERE: everything that the Order Service serves, hears, does by the clock and keeps.
namespace backline::orders {

namespace {

using security::Access;

const store::CollectionSpec keys_spec = IdempotencyKeys::collection_of("orders");

struct Parts {
    Parts(Backends on, Config configured, OrderSteps::OnRow on_row)
        : store(on.store)
        , config(configured)
        , prices(on.store, on.runtime, prices_spec)
        , carts(on.store, on.runtime, carts_spec)
        , orders(on.store, on.runtime, orders_spec)
        , keys(on.store, on.runtime, keys_spec)
        , steps(on.runtime, orders, std::move(on_row)) {}

    store::Store& store;
    Config config;
    PriceCollection prices;
    CartCollection carts;
    OrderCollection orders;
    IdempotencyKeys keys;
    OrderSteps steps;

    CartHandlers cart_requests{carts, prices, config};
    OrderHandlers order_requests{orders, carts, prices, keys, steps, store, config};
    PriceReactions price_news{prices};
    OrderReactions saga{orders, steps};
};

http::Routes cart_routes(CartHandlers& on) {
    using H = CartHandlers;
    const Access own = Access::signed_in();
    return {
        post("/v1/carts", on, &H::create, own, "Begin a cart"),
        get("/v1/carts/{cart_id}", on, &H::show, own, "Show a cart with today's prices"),
        put("/v1/carts/{cart_id}/lines/{sku}", on, &H::set_quantity, own, "Set how many of a SKU")
            .versioned()
            .refuses(error("cart_unknown"), error("cart_placed"), error("cart_full")),
        del("/v1/carts/{cart_id}/lines/{sku}", on, &H::remove, own, "Remove a line")
            .versioned()
            .refuses(error("cart_unknown"), error("cart_placed")),
        put("/v1/carts/{cart_id}/shipping_address", on, &H::ship_to, own, "Say where the goods go")
            .versioned()
            .refuses(error("cart_unknown"), error("cart_placed")),
    };
}

http::Routes order_routes(OrderHandlers& on) {
    using H = OrderHandlers;
    const Access own = Access::signed_in();
    return {
        post("/v1/orders", on, &H::place_order, own, "Place an order and pay")
            .idempotent()
            .refuses(
                error("cart_unknown"),
                error("cart_empty"),
                error("cart_changed"),
                error("nothing_to_pay"),
                error("address_missing"),
                error("sku_not_sellable")
            ),
        get("/v1/orders", on, &H::list, own, "List orders"),
        get("/v1/orders/{order_id}", on, &H::show, own, "Show an order, or wait for its news")
            .refuses(error("order_unknown")),
        post("/v1/orders/{order_id}/cancel", on, &H::cancel, own, "Cancel an order")
            .versioned()
            .refuses(
                error("order_unknown"),
                error("order_not_cancellable"),
                http::http_error("permission_missing")
            ),
    };
}

std::vector<Reaction> reactions(Parts& on) {
    using R = OrderReactions;
    return {
        backline::on(on.price_news, &PriceReactions::product_changed),
        backline::on(on.saga, &R::stock_held),
        backline::on(on.saga, &R::stock_refused),
        backline::on(on.saga, &R::stock_committed),
        backline::on(on.saga, &R::stock_released),
        backline::on(on.saga, &R::payment_authorised),
        backline::on(on.saga, &R::payment_declined),
        backline::on(on.saga, &R::payment_captured),
        backline::on(on.saga, &R::capture_refused),
        backline::on(on.saga, &R::payment_closed),
        backline::on(on.saga, &R::payment_refunded),
    };
}

std::vector<Timer> timers(Parts& on) {
    return {
        when_due("orders.due", on.orders, orders_by_due_at, on.saga, &OrderReactions::order_due),
        {"orders.wake", Duration{250}, [&steps = on.steps](const bool&) { return steps.wake_all(); }
        },
    };
}

} // namespace

Service make_service(Backends backends, Config config, OrderSteps::OnRow on_row) {
    auto parts = std::make_shared<Parts>(backends, config, std::move(on_row));
    return {
        .name = "orders",
        .collections = {&prices_spec, &carts_spec, &orders_spec, &keys_spec},
        .routes =
            http::joined({cart_routes(parts->cart_requests), order_routes(parts->order_requests)}),
        .reactions = reactions(*parts),
        .timers = timers(*parts),
        .refusals = refusals,
        .parts = parts,
    };
}

} // namespace backline::orders
