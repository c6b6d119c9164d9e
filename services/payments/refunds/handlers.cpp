#include "services/payments/refunds/handlers.hpp"

#include "services/payments/errors.hpp"

namespace backline::payments {

Task<http::Created<RefundView>> RefundHandlers::ask_for(
    http::Context& ctx, PaymentId id, NewRefund body
) {
    unwrap(check(body));
    const auto refund = co_await keys_.mint<RefundId>(ctx, "refund/" + id.text(), body);
    const Text<1, 40> actor = Text<1, 40>::of(ctx.principal.subject);
    const RefundView asked{refund, id, body.amount, body.reason, actor, ctx.now.utc};
    const auto decide = [&](const Payment* payment) { return ask_refund(payment, asked); };
    const store::Cause cause{ctx.request.traceparent};
    const auto updated = co_await payments_.update(id, decide, cause);
    const auto payment = unwrap(updated);
    const RefundView view = find_refund(*payment, refund)->asked;
    co_return http::Created<RefundView>{
        view, "/v1/payments/" + id.text() + "/refunds/" + refund.text()
    };
}

Task<RefundState> RefundHandlers::show(http::Context&, PaymentId id, RefundId refund) {
    const store::Versioned<Payment> payment = co_await payments_.find(id);
    if (!payment) throw Refused({&error("payment_unknown"), "There is no payment of this id."});
    const Refund* found = find_refund(*payment, refund);
    if (!found) throw Refused({&error("refund_unknown"), "The payment has no such refund."});
    co_return state_of(*found);
}

} // namespace backline::payments
