#include "services/payments/payments/model.hpp"

#include "platform/base/invariant.hpp"
#include "services/payments/payments/model/draft.hpp"

#include <algorithm>

namespace backline::payments {

namespace {

bool asked_before(const std::optional<orders::SagaRef>& newest, const orders::SagaRef& ref) {
    return newest && newest->attempt >= ref.attempt;
}

Payment intent(const orders::PaymentRequested& request, Instant now) {
    INVARIANT(request.amount > Money(0, request.amount.currency), "a payment is over something");
    Payment payment{.id = payment_of(request.ref.order), .order = request.ref.order};
    payment.customer = request.customer;
    payment.amount = request.amount;
    payment.token = request.token;
    payment.authorised = payment.captured = {0, request.amount.currency};
    payment.authorise_ref = request.ref;
    payment.created_at = now;
    return payment;
}

/// Where the provider contradicts what we asked for. Such a payment is answered to nobody.
std::optional<AttentionReason> contradiction(const Payment& payment, const ProviderPayment& truth) {
    const auto none_or_all = [&](const Money& sum) {
        return sum.is_zero() || sum == payment.amount;
    };
    const bool sums = truth.amount == payment.amount && none_or_all(truth.authorised) &&
                      none_or_all(truth.captured);
    if (!sums) return AttentionReason::amount_differs;
    const bool same = payment.provider_id.empty() || payment.provider_id == truth.id;
    if (!same) return AttentionReason::identity_differs;
    return std::nullopt;
}

} // namespace

PaymentId payment_of(orders::OrderId order) {
    return PaymentId::from_bytes(order.bytes());
}

Money refunded(const Payment& payment) {
    Money sum{0, payment.amount.currency};
    for (const Refund& refund : payment.refunds) {
        if (refund.status == RefundStatus::done) sum += refund.asked.amount;
    }
    return sum;
}

Money promised_back(const Payment& payment) {
    Money sum{0, payment.amount.currency};
    for (const Refund& refund : payment.refunds) {
        if (refund.status != RefundStatus::refused) sum += refund.asked.amount;
    }
    return sum;
}

const Refund* find_refund(const Payment& payment, RefundId id) {
    const auto is_it = [&](const Refund& refund) { return refund.asked.id == id; };
    const auto found = std::ranges::find_if(payment.refunds, is_it);
    return found == payment.refunds.end() ? nullptr : &*found;
}

PaymentView view_of(const Payment& payment, std::int64_t version) {
    return {
        payment.id,
        payment.order,
        payment.customer,
        payment.status,
        payment.amount,
        payment.captured,
        refunded(payment),
        payment.declined_for,
        payment.attention,
        payment.created_at,
        version
    };
}

Change<Payment> authorise(
    const Payment* payment, const orders::PaymentRequested& request, const When& when
) {
    if (payment == nullptr) {
        Payment fresh = intent(request, when.now);
        fresh.due_at = when.take_over_at;
        return Change<Payment>::to(std::move(fresh));
    }
    if (asked_before(payment->authorise_ref, request.ref)) return Change<Payment>::nothing();
    Draft draft{*payment, when};
    draft.next().authorise_ref = request.ref;
    const bool never_asked = !payment->customer;
    if (never_asked || payment->amount == request.amount) {
        draft.step(Incoming::authorise_asked);
    } else {
        draft.park(AttentionReason::amount_differs);
    }
    return std::move(draft).done();
}

Change<Payment> capture(
    const Payment* payment, const orders::CaptureRequested& request, const When& when
) {
    if (payment == nullptr || asked_before(payment->capture_ref, request.ref)) {
        return Change<Payment>::nothing();
    }
    Draft draft{*payment, when};
    draft.next().capture_ref = request.ref;
    draft.step(Incoming::capture_asked);
    return std::move(draft).done();
}

Change<Payment> close(
    const Payment* payment, const orders::PaymentCloseRequested& request, const When& when
) {
    if (payment != nullptr && asked_before(payment->close_ref, request.ref)) {
        return Change<Payment>::nothing();
    }
    Payment from{.id = payment_of(request.ref.order), .order = request.ref.order};
    from.status = PaymentStatus::closed;
    from.created_at = when.now;
    if (payment != nullptr) from = *payment;
    Draft draft{std::move(from), when};
    draft.next().close_ref = request.ref;
    draft.step(Incoming::close_asked);
    return std::move(draft).done();
}

Change<Payment> learn(const Payment& payment, const ProviderPayment& truth, const When& when) {
    if (payment.status == PaymentStatus::needs_attention) return Change<Payment>::nothing();
    Draft draft{payment, when};
    const std::optional<AttentionReason> wrong = contradiction(payment, truth);
    if (wrong) {
        draft.park(*wrong);
        return std::move(draft).done();
    }
    draft.take_books(truth);
    draft.take_refunds(truth);
    return std::move(draft).done();
}

Change<Payment> put_off(const Payment& payment, const ProviderPayment* seen, Instant due_at) {
    if (next_step(payment, nullptr).kind == Step::Kind::nothing) return Change<Payment>::nothing();
    Payment next = payment;
    if (seen != nullptr) {
        next.provider_id = seen->id;
        next.token = {};
    }
    next.tries = Tries::from(payment.tries.value() + 1).value_or(payment.tries);
    next.due_at = due_at;
    return Change<Payment>::to(std::move(next));
}

Change<Payment> take_up(const Payment& payment, const When& when) {
    if (!payment.due_at || *payment.due_at > when.now) return Change<Payment>::nothing();
    Payment next = payment;
    next.due_at = when.take_over_at;
    return Change<Payment>::to(std::move(next));
}

} // namespace backline::payments
