#pragma once

#include "platform/async/task.hpp"
#include "platform/base/list.hpp"
#include "platform/base/money.hpp"
#include "platform/base/text.hpp"
#include "services/orders/events.hpp"
#include "services/payments/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// The port to whoever moves the money. One call in, the provider's whole truth about that payment out: so a late
/// answer, a double one and the answer to a question are all read the same way, and an old one can be told by standing
/// behind what is already known. Adapters (`sandbox_pay`, `stripe`) include this header and no other of the service.
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

/// A payment provider. Loop thread only; several calls may be under way, also about one payment (two replicas, a late
/// answer). Owned by the program and outlives every service.
class Provider {
public:
    /// Told that there may be news of a payment.
    using Listener = std::function<void(PaymentId)>;

    Provider() = default;
    Provider(const Provider&) = delete;
    Provider& operator=(const Provider&) = delete;
    virtual ~Provider() = default;

    /// Does what `call` says, at most once per key, and answers the payment as it then stands. What the payment's state
    /// does not allow is no error: it is not done, and the answer shows why (capturing what is voided answers `voided`,
    /// voiding what is captured answers `captured`, authorising what is voided answers `voided`, a refund beyond what is
    /// captured is `refused`). The same key with another content breaks an invariant: that is a bug here.
    ///
    /// Throws `Unavailable`: `not_done` if the provider certainly did nothing (no connection, overloaded, bad
    /// credentials), `unknown` if it may have (no answer within the adapter's deadline). Asking again with the same key
    /// is then always right.
    virtual Task<ProviderPayment> call(ProviderCall call) = 0;

    /// Sets who is told of the provider's own messages (webhooks, already verified by the adapter); an empty one tells
    /// nobody. A notice says "ask about this payment" and nothing else, so it may come late, twice, out of order, or
    /// never, also while a call is under way, and is called on the loop. It must not throw and must return at once.
    virtual void on_notice(Listener listener) = 0;
};

} // namespace backline::payments
