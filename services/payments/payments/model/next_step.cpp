#include "services/payments/payments/model/draft.hpp"

#include <algorithm>

namespace backline::payments {

namespace {

using Op = ProviderOperation;
using Kind = Step::Kind;

Step ask(const Payment& payment, ProviderOperation operation) {
    ProviderCall call{.operation = operation, .key = key_of(payment.id, operation)};
    call.payment = payment.id;
    call.id = payment.provider_id;
    call.amount = payment.amount;
    if (operation == Op::create) call.token = payment.token;
    return {Kind::call, std::move(call)};
}

/// `ask` about a payment whose provider id may be known from `seen` only.
Step ask(const Payment& payment, ProviderOperation operation, const ProviderPayment& seen) {
    Step step = ask(payment, operation);
    step.call->id = seen.id;
    return step;
}

Step refund(const Payment& payment, const Refund& refund) {
    Step step = ask(payment, Op::refund);
    step.call->key = key_of(payment.id, refund.asked.id);
    step.call->amount = refund.asked.amount;
    step.call->refund = refund.asked.id;
    return step;
}

bool pending(const ProviderPayment& seen, RefundId id) {
    return std::ranges::any_of(seen.refunds, [&](const ProviderRefund& refund) {
        return refund.refund == id && refund.status == ProviderRefundStatus::pending;
    });
}

Step next_refund(const Payment& payment, const ProviderPayment* seen) {
    const auto open = std::ranges::find(payment.refunds, RefundStatus::requested, &Refund::status);
    if (open == payment.refunds.end()) return {};
    if (seen != nullptr && pending(*seen, open->asked.id)) return {Kind::wait};
    const bool unknown = seen == nullptr && payment.tries.value() > 0;
    return unknown ? ask(payment, Op::query) : refund(payment, *open);
}

/// Creating has no effect and tells, when repeated, what became of the rest: so an unknown id is no obstacle.
Step next_for_authorising(const Payment& payment, const ProviderPayment* seen) {
    if (seen == nullptr) {
        return ask(payment, payment.provider_id.empty() ? Op::create : Op::query);
    }
    if (seen->status == ProviderStatus::created) return ask(payment, Op::authorise, *seen);
    return {Kind::wait};
}

Step next_for_capturing(const Payment& payment, const ProviderPayment* seen) {
    if (seen == nullptr) return ask(payment, payment.tries.value() > 0 ? Op::query : Op::capture);
    if (seen->status == ProviderStatus::authorised) return ask(payment, Op::capture);
    return {Kind::wait};
}

Step next_for_closing(const Payment& payment, const ProviderPayment* seen) {
    if (!payment.captured.is_zero()) return next_refund(payment, seen);
    if (seen != nullptr) return ask(payment, Op::void_, *seen);
    return ask(payment, payment.provider_id.empty() ? Op::create : Op::void_);
}

} // namespace

std::optional<ProviderCall> question(const Payment& payment) {
    if (payment.provider_id.empty()) return std::nullopt;
    return ask(payment, Op::query).call;
}

Step next_step(const Payment& payment, const ProviderPayment* seen) {
    switch (payment.status) {
    case PaymentStatus::authorising:
        return next_for_authorising(payment, seen);
    case PaymentStatus::capturing:
        return next_for_capturing(payment, seen);
    case PaymentStatus::captured:
        return next_refund(payment, seen);
    case PaymentStatus::closing:
        return next_for_closing(payment, seen);
    case PaymentStatus::authorised:
    case PaymentStatus::declined:
    case PaymentStatus::closed:
    case PaymentStatus::needs_attention:
        break;
    }
    return {};
}

} // namespace backline::payments
