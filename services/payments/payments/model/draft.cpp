#include "services/payments/payments/model/draft.hpp"

#include <algorithm>

namespace backline::payments {

namespace {

/// How far a provider is. It never goes back, so what is less far than what is known is old.
int rank(ProviderStatus status) {
    switch (status) {
    case ProviderStatus::created:
        return 0;
    case ProviderStatus::processing:
        return 1;
    case ProviderStatus::authorised:
    case ProviderStatus::declined:
        return 2;
    case ProviderStatus::captured:
    case ProviderStatus::voided:
        return 3;
    }
    return 3;
}

bool is_news(const Payment& payment, ProviderStatus status) {
    if (!payment.known_as) return true;
    return rank(status) >= rank(*payment.known_as) && status != *payment.known_as;
}

std::string_view word_for(ProviderOperation operation) {
    switch (operation) {
    case ProviderOperation::create:
        return "create";
    case ProviderOperation::authorise:
        return "authorise";
    case ProviderOperation::capture:
        return "capture";
    case ProviderOperation::void_:
        return "void";
    case ProviderOperation::refund:
        return "refund";
    case ProviderOperation::query:
        return "query";
    }
    return "query";
}

/// One more id out of the order's bytes; the payment's own differs in kind.
RefundId closing_refund_id(const Payment& payment) {
    IdBytes bytes = payment.order.bytes();
    bytes.back() = static_cast<std::uint8_t>(bytes.back() ^ (payment.refunds.size() + 1));
    return RefundId::from_bytes(bytes);
}

bool is_open(const Refund& refund) {
    return refund.status == RefundStatus::requested;
}

} // namespace

Text<1, 120> key_of(PaymentId payment, ProviderOperation operation) {
    return Text<1, 120>::of(payment.text() + "/" + std::string(word_for(operation)));
}

Text<1, 120> key_of(PaymentId payment, RefundId refund) {
    return Text<1, 120>::of(payment.text() + "/refund/" + refund.text());
}

void Draft::step(Incoming incoming) {
    const Transition& row = transition(next().status, incoming);
    if (row.to == PaymentStatus::needs_attention) {
        park(next().attention.value_or(AttentionReason::status_impossible));
        return;
    }
    next().status = row.to;
    answer(row.answer);
}

void Draft::park(AttentionReason reason) {
    next().status = PaymentStatus::needs_attention;
    next().attention = reason;
}

void Draft::answer(Answer answer) {
    const Payment& payment = next();
    switch (answer) {
    case Answer::nothing:
        break;
    case Answer::authorised:
        if (!payment.authorise_ref) break;
        change_.raise(PaymentAuthorised{*payment.authorise_ref, payment.id, payment.amount});
        break;
    case Answer::declined: {
        if (!payment.authorise_ref) break;
        const auto reason = payment.declined_for.value_or(DeclineReason::not_permitted);
        change_.raise(PaymentDeclined{*payment.authorise_ref, payment.id, reason});
        break;
    }
    case Answer::captured:
        if (!payment.capture_ref) break;
        change_.raise(PaymentCaptured{*payment.capture_ref, payment.id, payment.captured});
        break;
    case Answer::capture_refused:
        if (!payment.capture_ref) break;
        change_.raise(CaptureRefused{*payment.capture_ref, payment.id});
        break;
    case Answer::closed: {
        if (!payment.close_ref) break;
        Money returned{0, payment.amount.currency};
        for (const Refund& refund : payment.refunds) {
            const bool went_back = refund.by_closing && refund.status == RefundStatus::done;
            if (went_back) returned += refund.asked.amount;
        }
        change_.raise(PaymentClosed{*payment.close_ref, returned});
        break;
    }
    }
}

void Draft::record(
    TransactionKind kind, Money amount, ProviderOperation operation, std::optional<Posting> posting
) {
    change_.record(
        Transaction{0, kind, amount, posting, key_of(next().id, operation), std::nullopt, when_.now}
    );
}

void Draft::take_books(const ProviderPayment& truth) {
    Payment& payment = next();
    payment.provider_id = truth.id;
    payment.token = {};
    if (payment.authorised.is_zero() && !truth.authorised.is_zero()) {
        payment.authorised = truth.authorised;
        record(TransactionKind::authorised, truth.authorised, ProviderOperation::authorise);
    }
    if (payment.captured.is_zero() && !truth.captured.is_zero()) {
        payment.captured = truth.captured;
        const Posting paid{Account::provider_receivable, Account::sales_clearing};
        record(TransactionKind::captured, truth.captured, ProviderOperation::capture, paid);
    }
    if (!is_news(payment, truth.status)) return;
    payment.known_as = truth.status;
    if (truth.status == ProviderStatus::declined) {
        payment.declined_for = truth.declined_for.value_or(DeclineReason::card_declined);
        record(TransactionKind::declined, payment.amount, ProviderOperation::authorise);
    }
    if (truth.status == ProviderStatus::voided) {
        record(TransactionKind::voided, payment.authorised, ProviderOperation::void_);
    }
    step(incoming_of(truth.status));
}

void Draft::take_refunds(const ProviderPayment& truth) {
    for (const ProviderRefund& theirs : truth.refunds) {
        const auto ours =
            std::ranges::find(next().refunds, theirs.refund, [](const Refund& refund) {
                return refund.asked.id;
            });
        if (ours == next().refunds.end()) return park(AttentionReason::refund_unknown);
        if (ours->asked.amount != theirs.amount) return park(AttentionReason::amount_differs);
        if (is_open(*ours)) end_refund(*ours, theirs.status);
    }
}

void Draft::end_refund(Refund& refund, ProviderRefundStatus status) {
    if (status == ProviderRefundStatus::pending) return;
    refund.ended_at = when_.now;
    if (status == ProviderRefundStatus::done) {
        refund.status = RefundStatus::done;
        refund_is_done(refund);
    } else {
        refund.status = RefundStatus::refused;
        if (refund.by_closing) park(AttentionReason::refund_refused);
    }
}

void Draft::refund_is_done(const Refund& refund) {
    const Payment& payment = next();
    const RefundView& asked = refund.asked;
    change_.record(Transaction{
        0,
        TransactionKind::refunded,
        asked.amount,
        Posting{Account::refunds, Account::provider_receivable},
        key_of(payment.id, asked.id),
        asked.id,
        when_.now
    });
    if (refund.by_closing) return;
    change_.raise(PaymentRefunded{
        asked.id,
        payment.id,
        payment.order,
        payment.customer.value_or(users::CustomerId{}),
        asked.amount,
        refunded(payment),
        asked.reason,
        when_.now
    });
}

void Draft::add_refund(Refund refund) {
    next().refunds.push_back(std::move(refund));
}

/// What a closing finds captured and not yet promised goes back as a refund of its own, written down before it is asked
/// for like any other.
void Draft::give_rest_back() {
    const Payment& payment = next();
    if (payment.captured.is_zero()) return;
    const Money rest = payment.captured - promised_back(payment);
    if (rest.is_zero()) return;
    if (payment.refunds.size() >= refunds_max) return park(AttentionReason::refund_refused);
    const RefundView asked{
        closing_refund_id(payment),
        payment.id,
        rest,
        Text<3, 200>::of("The order came to nothing."),
        Text<1, 40>::of("orders"),
        when_.now
    };
    add_refund({.asked = asked, .by_closing = true});
}

void Draft::end_closing() {
    if (next().status != PaymentStatus::closing) return;
    give_rest_back();
    const Payment& payment = next();
    if (payment.status != PaymentStatus::closing || payment.captured.is_zero()) return;
    if (refunded(payment) == payment.captured) step(Incoming::all_returned);
}

/// Work that this change begins may be taken up by others later; where nothing is left to do, nobody need look. A
/// refund whose outcome is unknown stays so, whatever else happens: it must be asked for before it is repeated.
void Draft::set_clock() {
    Payment& payment = next();
    const bool done = next_step(payment, nullptr).kind == Step::Kind::nothing;
    const bool went_on =
        payment.status != before_.status && std::ranges::none_of(before_.refunds, is_open);
    if (done || went_on) payment.tries = Tries::of(0);
    if (done) {
        payment.due_at.reset();
    } else if (payment.tries == Tries::of(0)) {
        payment.due_at = when_.take_over_at;
    }
}

Change<Payment> Draft::done() && {
    end_closing();
    // What the provider calls a payment is no news by itself: it would tell it again.
    Payment same = before_;
    same.provider_id = next().provider_id;
    same.token = next().token;
    const bool early = !next().known_as || rank(*next().known_as) < 2;
    if (early) same.known_as = next().known_as;
    if (same == next() && change_.events.empty() && change_.entries.empty()) {
        return Change<Payment>::nothing();
    }
    set_clock();
    return std::move(change_);
}

} // namespace backline::payments
