#pragma once

#include "platform/async/task.hpp"
#include "services/payments/payments/model/provider_data.hpp"

#include <functional>

/// The port to whoever moves the money. One call in, the provider's whole truth about that payment out: so a late
/// answer, a double one and the answer to a question are all read the same way, and an old one can be told by standing
/// behind what is already known. Adapters (`sandbox_pay`, `stripe`) include this header, which brings the data along,
/// and no other of the service.
namespace backline::payments {

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

    /// Does what `call` says, at most once per key, and answers the payment as it then stands. What the payment's
    /// state does not allow is no error: it is not done, and the answer shows why (capturing what is voided answers
    /// `voided`, voiding what is captured answers `captured`, authorising what is voided answers `voided`, a refund
    /// beyond what is captured is `refused`). The same key with another content breaks an invariant: that is a bug of
    /// the caller.
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
