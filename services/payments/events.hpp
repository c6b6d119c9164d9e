#pragma once

#include "platform/base/change.hpp"
#include "platform/base/id.hpp"
#include "platform/base/money.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/orders/events.hpp"
#include "services/users/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <string_view>

/// What the Payment Service tells the world.
namespace backline::payments {

struct PaymentTag {
    static constexpr std::string_view prefix = "pay";
};

using PaymentId = Id<PaymentTag>;

struct RefundTag {
    static constexpr std::string_view prefix = "rfd";
};

using RefundId = Id<RefundTag>;

/// Why a provider said no, in words that a shop can show.
enum class DeclineReason { card_declined, insufficient_funds, card_expired, not_permitted };
BOOST_DESCRIBE_ENUM(DeclineReason, card_declined, insufficient_funds, card_expired, not_permitted)

/// The money is reserved. Answers `orders::PaymentRequested`.
struct PaymentAuthorised {
    static constexpr EventInfo event{"backline.payments.payment_authorised.v1", EventKind::fact};

    orders::SagaRef ref;
    PaymentId payment;
    Money amount;
};
BOOST_DESCRIBE_STRUCT(PaymentAuthorised, (), (ref, payment, amount))

/// The provider said no; nothing was taken. Answers `orders::PaymentRequested`.
struct PaymentDeclined {
    static constexpr EventInfo event{"backline.payments.payment_declined.v1", EventKind::fact};

    orders::SagaRef ref;
    PaymentId payment;
    DeclineReason reason = DeclineReason::card_declined;
};
BOOST_DESCRIBE_STRUCT(PaymentDeclined, (), (ref, payment, reason))

/// The money is ours. Answers `orders::CaptureRequested`.
struct PaymentCaptured {
    static constexpr EventInfo event{"backline.payments.payment_captured.v1", EventKind::fact};

    orders::SagaRef ref;
    PaymentId payment;
    Money amount;
};
BOOST_DESCRIBE_STRUCT(PaymentCaptured, (), (ref, payment, amount))

/// The reserved money cannot be taken any more; nothing was. Answers `orders::CaptureRequested`.
struct CaptureRefused {
    static constexpr EventInfo event{"backline.payments.capture_refused.v1", EventKind::fact};

    orders::SagaRef ref;
    PaymentId payment;
};
BOOST_DESCRIBE_STRUCT(CaptureRefused, (), (ref, payment))

/// Nothing is kept, and nothing will be taken any more. Answers `orders::PaymentCloseRequested`.
struct PaymentClosed {
    static constexpr EventInfo event{"backline.payments.payment_closed.v1", EventKind::fact};

    orders::SagaRef ref;
    Money
        returned; ///< What had been captured and went back with this closing; zero where nothing had.
};
BOOST_DESCRIBE_STRUCT(PaymentClosed, (), (ref, returned))

/// Captured money went back to the customer on a person's word. Business key: the refund.
struct PaymentRefunded {
    static constexpr EventInfo event{"backline.payments.payment_refunded.v1", EventKind::fact};

    RefundId refund;
    PaymentId payment;
    orders::OrderId order;
    users::CustomerId customer;
    Money amount;
    Money refunded_in_total; ///< Of this payment, with this refund.
    Text<3, 200> reason;
    Instant refunded_at;
};
BOOST_DESCRIBE_STRUCT(
    PaymentRefunded,
    (),
    (refund, payment, order, customer, amount, refunded_in_total, reason, refunded_at)
)

} // namespace backline::payments
