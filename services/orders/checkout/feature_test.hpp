#pragma once

#include "services/inventory/events.hpp"
#include "services/orders/carts/feature_test.hpp"
#include "services/orders/checkout/model.hpp"
#include "services/payments/events.hpp"

#include <map>
#include <string>
#include <vector>

/// The Order Service on a bench, where the test speaks for inventory and payments.
namespace backline::orders {

inline const std::string staff =
    as("usr_01jd8xw9b2f0aqv1e4m7k3t5n1", {"orders:read", "orders:cancel"});

/// What `full_cart` costs.
inline constexpr Money price_of_cart{24'978, Currency("EUR")};

struct CheckoutShop : OrderShop {
    using OrderShop::OrderShop;

    static Ask placing(
        const std::string& cart,
        const std::string& who,
        const std::string& key = "key-order-1",
        const std::string& token = "tok_ok"
    ) {
        const std::string id = cart.substr(cart.rfind('/') + 1);
        const std::string body = fmt::format(R"({{"cart":"{}","payment_token":"{}"}})", id, token);
        return {"POST", "/v1/orders", body, who, {{"Idempotency-Key", key}}};
    }

    OrderId place(const std::string& who = ada) {
        const std::string cart = full_cart(who);
        const Answer placed = bench.call(placing(cart, who, "key" + cart.substr(10)));
        bench.settle();
        return placed.read<PlacedOrder>().id;
    }

    /// An order brought into a status by the answers and the cancellation that lead there.
    OrderId order_in(OrderStatus status, const std::string& who = ada) {
        using enum Incoming;
        static const std::map<OrderStatus, std::vector<Incoming>> ways{
            {OrderStatus::placing, {}},
            {OrderStatus::authorising, {stock_held}},
            {OrderStatus::committing, {stock_held, payment_authorised}},
            {OrderStatus::capturing, {stock_held, payment_authorised, stock_committed}},
            {OrderStatus::confirmed,
             {stock_held, payment_authorised, stock_committed, payment_captured}},
            {OrderStatus::cancelling, {stock_held, cancel_asked}},
            {OrderStatus::releasing, {cancel_asked}},
            {OrderStatus::cancelled, {cancel_asked, stock_released}},
            {OrderStatus::rejected, {stock_refused}},
        };
        const OrderId id = place(who);
        for (const Incoming what : ways.at(status)) {
            if (what == cancel_asked) {
                bench.call(cancelling(id, who));
            } else {
                hear(id, what);
            }
        }
        return id;
    }

    static Ask cancelling(const OrderId& id, const std::string& who) {
        return {.method = "POST", .target = "/v1/orders/" + id.text() + "/cancel", .as = who};
    }

    static Ask showing(
        const OrderId& id, const std::string& who = ada, const std::string& query = {}
    ) {
        return {.method = "GET", .target = "/v1/orders/" + id.text() + query, .as = who};
    }

    OrderView order(const OrderId& id, const std::string& who = ada) {
        return bench.call(showing(id, who)).read<OrderView>();
    }

    /// One answer of inventory or payments, handled with all that follows.
    void hear(const OrderId& id, Incoming what) {
        say(id, what);
        bench.settle();
    }

    /// As `hear`, but only put on its way.
    void say(const OrderId& id, Incoming what) {
        const auto to = [&](Step step) { return SagaRef{id, step, Attempt::of(1)}; };
        switch (what) {
        case Incoming::stock_held:
            return bench.post(inventory::StockHeld{to(Step::hold_stock)}, {id.text()});
        case Incoming::stock_refused: {
            const auto sku = catalog::Sku::of("MIC-1");
            const inventory::Shortage shortage{
                sku, inventory::Units::of(2), inventory::Units::of(1)
            };
            return bench.post(
                inventory::StockRefused{to(Step::hold_stock), {shortage}}, {id.text()}
            );
        }
        case Incoming::stock_committed:
            return bench.post(inventory::StockCommitted{to(Step::commit_stock)}, {id.text()});
        case Incoming::stock_released:
            return bench.post(inventory::StockReleased{to(Step::release_stock)}, {id.text()});
        case Incoming::payment_authorised:
            return bench.post(
                payments::PaymentAuthorised{to(Step::authorise), {}, price_of_cart}, {id.text()}
            );
        case Incoming::payment_declined: {
            const auto why = payments::DeclineReason::insufficient_funds;
            return bench.post(payments::PaymentDeclined{to(Step::authorise), {}, why}, {id.text()});
        }
        case Incoming::payment_captured:
            return bench.post(
                payments::PaymentCaptured{to(Step::capture), {}, price_of_cart}, {id.text()}
            );
        case Incoming::capture_refused:
            return bench.post(payments::CaptureRefused{to(Step::capture), {}}, {id.text()});
        case Incoming::payment_closed:
            return say_closed(id, Money{0, price_of_cart.currency});
        case Incoming::cancel_asked:
        case Incoming::overdue:
        case Incoming::given_up:
            break;
        }
        invariant_broken("say", "customers and clocks are no events");
    }

    void say_closed(const OrderId& id, Money returned) {
        const SagaRef ref{id, Step::close_payment, Attempt::of(1)};
        bench.post(payments::PaymentClosed{ref, returned}, {id.text()});
    }

    [[nodiscard]] std::size_t orders() const {
        return bench.documents<Order>("orders.orders").size();
    }
};

} // namespace backline::orders
