#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/orders/carts/model.hpp"
#include "services/orders/checkout/api.hpp"
#include "services/orders/checkout/saga.hpp"
#include "services/orders/prices/model.hpp"
#include "services/payments/events.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <vector>

/// Decisions about orders: the saga's interpreter. Pure.
namespace backline::orders {

/// Money that went back after the order was confirmed, by the word of payments.
struct RefundEntry {
    payments::RefundId refund;
    Money amount;
};
BOOST_DESCRIBE_STRUCT(RefundEntry, (), (refund, amount))

struct Order {
    OrderId id;
    OrderNumber number;
    users::CustomerId customer;
    CartId cart;
    List<OrderLine, 100> lines;
    Address shipping_address;
    Totals totals;
    PaymentToken payment_token; ///< Travels with the saga; leaves with its payment request only.
    OrderStatus status = OrderStatus::placing;
    std::optional<EndReason> reason;
    std::optional<payments::DeclineReason> decline_reason;
    List<MissingUnits, 100> missing;
    List<StatusEntry, 40> history;
    Attempt attempt;               ///< Of the question of the present status.
    std::optional<Instant> due_at; ///< When its answer is overdue.
    Money paid;                    ///< Captured.
    Money returned;                ///< Of it, when the order was cancelled.
    std::vector<RefundEntry> refunds{};
    Instant placed_at{};
};
BOOST_DESCRIBE_STRUCT(
    Order,
    (),
    (id,
     number,
     customer,
     cart,
     lines,
     shipping_address,
     totals,
     payment_token,
     status,
     reason,
     decline_reason,
     missing,
     history,
     attempt,
     due_at,
     paid,
     returned,
     refunds,
     placed_at)
)

/// Something that came in, with what it brought.
struct News {
    Incoming what;
    std::optional<EndReason> reason{};                       ///< With `cancel_asked`: who asked.
    std::optional<payments::DeclineReason> decline_reason{}; ///< With `payment_declined`.
    List<MissingUnits, 100> missing{};                       ///< With `stock_refused`.
    Money amount{}; ///< With `payment_captured`: taken; with `payment_closed`: given back.
};

/// The order that a placed cart becomes, on its way with its first question.
[[nodiscard]] Change<Order> new_order(
    OrderId id, const Cart& cart, const PaymentToken& token, Instant now
);

/// Takes one step by the table. Nothing where the table says `stay`; refuses `order_not_cancellable` where it says
/// `refuse`; breaks an invariant where it says `unreachable`.
[[nodiscard]] Result<Change<Order>> advance(const Order& order, const News& news, Instant now);

/// What the clock says to an order whose `due_at` has come: `overdue` while its question may be asked again, then
/// `given_up`. Empty if it is not due.
[[nodiscard]] std::optional<Incoming> due_news(const Order& order, Instant now);

/// Notes a refund once.
[[nodiscard]] Change<Order> note_refund(const Order& order, const RefundEntry& refund);

/// True once nothing can happen to the order any more but a cancellation or a refund.
[[nodiscard]] bool settled(OrderStatus status);

[[nodiscard]] OrderView view_of(const Order& order, std::int64_t version);
[[nodiscard]] PlacedOrder placed_view_of(const Order& order);
[[nodiscard]] OrderNumber number_of(OrderId id);

} // namespace backline::orders
