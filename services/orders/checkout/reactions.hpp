#pragma once

#include "platform/async/wait.hpp"
#include "platform/service/service.hpp"
#include "services/inventory/events.hpp"
#include "services/orders/checkout/store.hpp"
#include "services/payments/events.hpp"

#include <functional>
#include <map>

/// The saga's ears: the answers of inventory and payments, and the clock.
namespace backline::orders {

/// Takes orders one step further and tells those who wait for news of them. The only place that calls `advance`.
class OrderSteps final {
public:
    /// Told of every row of the saga's table that was taken; for the metrics.
    using OnRow = std::function<void(const Row&)>;

    OrderSteps(Runtime& runtime, OrderCollection& orders, OnRow on_row)
        : runtime_(runtime)
        , orders_(orders)
        , on_row_(std::move(on_row)) {}

    /// Refuses what `advance` refuses; `order_unknown` where there is none.
    Task<Result<store::Versioned<Order>>> step(
        OrderId id, News news, store::Cause cause, store::Terms terms = {}
    );

    /// What the clock has to say, if the order is still due when it is looked at. Nothing otherwise.
    Task<Result<store::Versioned<Order>>> step_if_due(OrderId id);

    /// Waits until the order may have changed, at most about a quarter of a second.
    Task<> wait_for_news(OrderId id);

    /// Wakes everybody, so that changes made by other processes are seen too.
    Task<> wake_all();

private:
    /// What comes in for the order as it is now; empty if nothing does after all.
    using Hear = std::function<std::optional<News>(const Order&)>;

    Task<Result<store::Versioned<Order>>> take_step(
        OrderId id, Hear hear, store::Cause cause, store::Terms terms
    );
    void wake(const OrderId& id);

    Runtime& runtime_;
    OrderCollection& orders_;
    OnRow on_row_;
    std::map<OrderId, Signal> waiting_;
};

class OrderReactions final {
public:
    OrderReactions(OrderCollection& orders, OrderSteps& steps) : orders_(orders), steps_(steps) {}

    Task<> stock_held(Message message, inventory::StockHeld event);
    Task<> stock_refused(Message message, inventory::StockRefused event);
    Task<> stock_committed(Message message, inventory::StockCommitted event);
    Task<> stock_released(Message message, inventory::StockReleased event);
    Task<> payment_authorised(Message message, payments::PaymentAuthorised event);
    Task<> payment_declined(Message message, payments::PaymentDeclined event);
    Task<> payment_captured(Message message, payments::PaymentCaptured event);
    Task<> capture_refused(Message message, payments::CaptureRefused event);
    Task<> payment_closed(Message message, payments::PaymentClosed event);
    Task<> payment_refunded(Message message, payments::PaymentRefunded event);

    /// An order whose answer is overdue.
    Task<> order_due(store::Versioned<Order> order);

private:
    Task<> heard(SagaRef ref, News news, Message message);

    OrderCollection& orders_;
    OrderSteps& steps_;
};

} // namespace backline::orders
