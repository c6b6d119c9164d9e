#pragma once

#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"
#include "platform/service/idempotency.hpp"
#include "services/payments/payments/store.hpp"
#include "services/payments/refunds/model.hpp"

/// Requests of staff about refunds.
namespace backline::payments {

class RefundHandlers final {
public:
    RefundHandlers(PaymentCollection& payments, IdempotencyKeys& keys)
        : payments_(payments)
        , keys_(keys) {}

    /// Gives captured money back, once per Idempotency-Key. Answers when the refund is written down; the provider is
    /// asked right after, and `show` tells what it said.
    Task<http::Created<RefundView>> ask_for(http::Context& ctx, PaymentId id, NewRefund body);

    Task<RefundState> show(http::Context& ctx, PaymentId id, RefundId refund);

private:
    PaymentCollection& payments_;
    IdempotencyKeys& keys_;
};

} // namespace backline::payments
