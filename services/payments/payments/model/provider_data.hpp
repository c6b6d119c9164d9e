#pragma once

#include "platform/base/list.hpp"
#include "platform/base/money.hpp"
#include "platform/base/text.hpp"
#include "services/orders/events.hpp"
#include "services/payments/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>

/// What a payment provider is asked and what it answers: the data of the port (`services/payments/provider.hpp`), pure,
/// so that the model can decide by it.
namespace backline::payments {

/// What can be asked of a provider. All of it may be repeated with the same key.
///
/// - `create`: opens a payment over `amount` with `token`. Moves nothing, reserves nothing.
/// - `authorise`: reserves the amount, or declines for good.
/// - `capture`: takes all that is reserved.
/// - `void_`: ends a payment of which nothing is captured; nothing can be reserved or taken any more.
/// - `refund`: gives `amount` of what was captured back, as the refund named `refund`.
/// - `query`: changes nothing.
enum class ProviderOperation { create, authorise, capture, void_, refund, query };
BOOST_DESCRIBE_ENUM(ProviderOperation, create, authorise, capture, void_, refund, query)

/// The provider's own name for a payment. Known after `create`.
using ProviderRef = Text<1, 120>;

/// One question. `key` is its idempotency key: two with the same are one; the provider does it once and answers both
/// times what is true.
struct ProviderCall {
    ProviderOperation operation = ProviderOperation::query;
    Text<1, 120> key;                 ///< `pay_…/capture`, `pay_…/refund/rfd_…`; unused by `query`.
    PaymentId payment;                ///< Our name for it, which the provider keeps beside its own.
    ProviderRef id;                   ///< Empty in `create` only.
    Money amount;                     ///< Of the payment; for `refund`, of the refund.
    orders::PaymentToken token;       ///< For `create` only.
    std::optional<RefundId> refund{}; ///< For `refund` only.

    bool operator==(const ProviderCall&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProviderCall, (), (operation, key, payment, id, amount, token, refund))

/// Where a payment stands with the provider. It only ever moves forward: created -> processing -> authorised or
/// declined; authorised -> captured; anything before captured -> voided (on our word, or because it expired).
enum class ProviderStatus { created, processing, authorised, declined, captured, voided };
BOOST_DESCRIBE_ENUM(ProviderStatus, created, processing, authorised, declined, captured, voided)

/// `pending`: accepted and under way, ask again. The other two are final.
enum class ProviderRefundStatus { pending, done, refused };
BOOST_DESCRIBE_ENUM(ProviderRefundStatus, pending, done, refused)

struct ProviderRefund {
    RefundId refund;
    Money amount;
    ProviderRefundStatus status = ProviderRefundStatus::pending;

    bool operator==(const ProviderRefund&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProviderRefund, (), (refund, amount, status))

/// All that the provider has on its books about one payment, as of one moment.
struct ProviderPayment {
    ProviderRef id;
    ProviderStatus status = ProviderStatus::created;
    Money amount;     ///< What the payment is over.
    Money authorised; ///< Zero until it was reserved; ending the payment does not lower it.
    Money captured;   ///< Zero until captured; refunds do not lower it.
    std::optional<DeclineReason> declined_for{};
    List<ProviderRefund, 100> refunds{}; ///< In the order of their making.

    bool operator==(const ProviderPayment&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    ProviderPayment, (), (id, status, amount, authorised, captured, declined_for, refunds)
)

} // namespace backline::payments
