#pragma once

#include "platform/base/money.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/payments/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>

/// What crosses HTTP about refunds.
namespace backline::payments {

/// `POST /v1/payments/{payment_id}/refunds`
struct NewRefund {
    Money amount;
    Text<3, 200> reason;
};
BOOST_DESCRIBE_STRUCT(NewRefund, (), (amount, reason))

/// A refund as it was asked for: what the answer to the request says, now and on every repetition.
struct RefundView {
    RefundId id;
    PaymentId payment;
    Money amount;
    Text<3, 200> reason;
    Text<1, 40> requested_by; ///< A user id, or `orders` for the rest that a closing gives back.
    Instant requested_at{};

    bool operator==(const RefundView&) const = default;
};
BOOST_DESCRIBE_STRUCT(RefundView, (), (id, payment, amount, reason, requested_by, requested_at))

/// `requested`: written down, and with the provider or on its way there. The other two are its final word.
enum class RefundStatus { requested, done, refused };
BOOST_DESCRIBE_ENUM(RefundStatus, requested, done, refused)

/// `GET /v1/payments/{payment_id}/refunds/{refund_id}`
struct RefundState {
    RefundView refund;
    RefundStatus status = RefundStatus::requested;
    std::optional<Instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(RefundState, (), (refund, status, ended_at))

} // namespace backline::payments
