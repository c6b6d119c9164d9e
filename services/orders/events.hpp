#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/change.hpp"
#include "platform/base/id.hpp"
#include "platform/base/list.hpp"
#include "platform/base/money.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/catalog/events.hpp"
#include "services/users/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <string_view>

/// What the Order Service tells the world: what happened to orders, and what its saga asks of others. A request is a
/// fact like any other ("orders asked for this"); its business key is (order, step, attempt), and the answer echoes it.
/// Asking again with a higher attempt is always safe.
namespace backline::orders {

struct OrderTag {
    static constexpr std::string_view prefix = "ord";
};

using OrderId = Id<OrderTag>;

using Quantity = Bounded<int, 1, 1000>;
using Attempt = Bounded<int, 1, 1'000'000>;

/// The steps of the saga that ask somebody for something.
enum class Step { hold_stock, authorise, commit_stock, capture, close_payment, release_stock };
BOOST_DESCRIBE_ENUM(
    Step, hold_stock, authorise, commit_stock, capture, close_payment, release_stock
)

/// Which question an answer belongs to.
struct SagaRef {
    OrderId order;
    Step step = Step::hold_stock;
    Attempt attempt;

    bool operator==(const SagaRef&) const = default;
};
BOOST_DESCRIBE_STRUCT(SagaRef, (), (order, step, attempt))

struct SkuQuantity {
    catalog::Sku sku;
    Quantity quantity;

    bool operator==(const SkuQuantity&) const = default;
};
BOOST_DESCRIBE_STRUCT(SkuQuantity, (), (sku, quantity))

/// The token that the provider's own form made of a card. Worth nothing to others, but no reader of logs needs it.
using PaymentToken = Text<3, 200>;

// --- what the saga asks of inventory -------------------------------------------------------------------------------

/// Hold all lines or none. Answered by `inventory::StockHeld` or `StockRefused`.
struct StockHoldRequested {
    static constexpr EventInfo event{"backline.orders.stock_hold_requested.v1", EventKind::fact};

    SagaRef ref;
    List<SkuQuantity, 100> lines; ///< One per SKU.
};
BOOST_DESCRIBE_STRUCT(StockHoldRequested, (), (ref, lines))

/// The goods are sold: turn the hold into a lower stock. Answered by `inventory::StockCommitted`.
struct StockCommitRequested {
    static constexpr EventInfo event{"backline.orders.stock_commit_requested.v1", EventKind::fact};

    SagaRef ref;
};
BOOST_DESCRIBE_STRUCT(StockCommitRequested, (), (ref))

/// End the hold, whatever became of it; goods that were committed and have not left come back. Answered by
/// `inventory::StockReleased`, also where there never was a hold.
struct StockReleaseRequested {
    static constexpr EventInfo event{"backline.orders.stock_release_requested.v1", EventKind::fact};

    SagaRef ref;
};
BOOST_DESCRIBE_STRUCT(StockReleaseRequested, (), (ref))

// --- what the saga asks of payments --------------------------------------------------------------------------------

/// Reserve the money. Answered by `payments::PaymentAuthorised` or `PaymentDeclined`, or not for a long time: then the
/// outcome is unknown, and only closing the payment tells what was taken.
struct PaymentRequested {
    static constexpr EventInfo event{"backline.orders.payment_requested.v1", EventKind::fact};

    SagaRef ref;
    users::CustomerId customer;
    Money amount;
    PaymentToken token;
};
BOOST_DESCRIBE_STRUCT(PaymentRequested, (), (ref, customer, amount, token))

/// Take the reserved money. Answered by `payments::PaymentCaptured` or `CaptureRefused`.
struct CaptureRequested {
    static constexpr EventInfo event{"backline.orders.capture_requested.v1", EventKind::fact};

    SagaRef ref;
};
BOOST_DESCRIBE_STRUCT(CaptureRequested, (), (ref))

/// Leave nothing taken: void what is reserved, refund what is captured, and never charge any more. Answered by
/// `payments::PaymentClosed`, also where there never was a payment.
struct PaymentCloseRequested {
    static constexpr EventInfo event{"backline.orders.payment_close_requested.v1", EventKind::fact};

    SagaRef ref;
};
BOOST_DESCRIBE_STRUCT(PaymentCloseRequested, (), (ref))

// --- what happened to an order -------------------------------------------------------------------------------------

/// Why an order came to nothing.
enum class EndReason {
    out_of_stock,
    payment_declined,
    payment_unresolved,
    capture_refused,
    customer_cancelled,
    staff_cancelled,
    stock_unresolved
};
BOOST_DESCRIBE_ENUM(
    EndReason,
    out_of_stock,
    payment_declined,
    payment_unresolved,
    capture_refused,
    customer_cancelled,
    staff_cancelled,
    stock_unresolved
)

/// Paid, its stock taken: it will be fulfilled. Business key: the order.
struct OrderConfirmed {
    static constexpr EventInfo event{"backline.orders.order_confirmed.v1", EventKind::fact};

    OrderId order;
    users::CustomerId customer;
    Text<4, 40> number;
    Money total;
    Instant confirmed_at;
};
BOOST_DESCRIBE_STRUCT(OrderConfirmed, (), (order, customer, number, total, confirmed_at))

/// It came to nothing before it was confirmed, and no money is kept. Business key: the order.
struct OrderRejected {
    static constexpr EventInfo event{"backline.orders.order_rejected.v1", EventKind::fact};

    OrderId order;
    users::CustomerId customer;
    Text<4, 40> number;
    EndReason reason = EndReason::out_of_stock;
    Instant rejected_at;
};
BOOST_DESCRIBE_STRUCT(OrderRejected, (), (order, customer, number, reason, rejected_at))

/// Somebody cancelled it, and no money is kept. Business key: the order.
struct OrderCancelled {
    static constexpr EventInfo event{"backline.orders.order_cancelled.v1", EventKind::fact};

    OrderId order;
    users::CustomerId customer;
    Text<4, 40> number;
    EndReason reason = EndReason::customer_cancelled;
    Money returned; ///< What had been captured and went back; zero where nothing was taken.
    Instant cancelled_at;
};
BOOST_DESCRIBE_STRUCT(OrderCancelled, (), (order, customer, number, reason, returned, cancelled_at))

} // namespace backline::orders
