#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/payments/payments/model.hpp"
#include "services/payments/refunds/api.hpp"

/// Decisions about refunds that staff ask for. Pure. A refund lives in its payment, so its bound holds however many
/// ask at once: what is captured, less all that was promised back before.
namespace backline::payments {

/// Refuses what can be seen to be wrong without knowing the payment.
Result<void> check(const NewRefund& refund);

/// Writes the refund down, due at once; nothing if it is there already. Refuses `payment_unknown`,
/// `refund_currency_differs`, `payment_needs_attention`, `payment_not_captured`, `refund_exceeds_captured` and
/// `refunds_too_many`, in this order.
Result<Change<Payment>> ask_refund(const Payment* payment, const RefundView& asked);

[[nodiscard]] RefundState state_of(const Refund& refund);

} // namespace backline::payments
