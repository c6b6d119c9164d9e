#include "adapters/sandbox_pay/core.hpp"

#include "platform/base/invariant.hpp"

#include <algorithm>
#include <array>

namespace backline::sandbox_pay {

namespace {

using payments::DeclineReason;
using payments::ProviderRefund;
using payments::ProviderRefundStatus;

void book_authorisation(ProviderPayment& payment, const LedgerRow& row, Instant moment) {
    payment.declined_for = row.decline;
    if (!row.ok) {
        payment.status = ProviderStatus::declined;
    } else if (moment < row.settles_at) {
        payment.status = ProviderStatus::processing;
    } else {
        payment.status = ProviderStatus::authorised;
        payment.authorised = row.amount;
    }
}

void book(ProviderPayment& payment, const LedgerRow& row, Instant moment) {
    switch (row.operation) {
    case ProviderOperation::create:
        payment.id = row.id;
        payment.amount = row.amount;
        payment.authorised.currency = payment.captured.currency = row.amount.currency;
        break;
    case ProviderOperation::authorise:
        book_authorisation(payment, row, moment);
        break;
    case ProviderOperation::capture:
        payment.status = ProviderStatus::captured;
        payment.captured = row.amount;
        break;
    case ProviderOperation::void_:
        payment.status = ProviderStatus::voided;
        break;
    case ProviderOperation::refund: {
        const auto status = row.ok ? ProviderRefundStatus::done : ProviderRefundStatus::refused;
        payment.refunds.push_back(ProviderRefund{row.refund.value(), row.amount, status});
        break;
    }
    case ProviderOperation::query:
        break;
    }
}

bool same_call(const LedgerRow& row, const ProviderCall& call) {
    const bool same = row.operation == call.operation && row.payment == call.payment;
    switch (call.operation) {
    case ProviderOperation::create:
        return same && row.amount == call.amount && row.token == call.token;
    case ProviderOperation::refund:
        return same && row.id == call.id && row.amount == call.amount && row.refund == call.refund;
    case ProviderOperation::authorise:
    case ProviderOperation::capture:
    case ProviderOperation::void_:
    case ProviderOperation::query:
        return same && row.id == call.id;
    }
    return false;
}

Money refundable(const ProviderPayment& payment) {
    Money left = payment.captured;
    for (const ProviderRefund& each : payment.refunds) {
        if (each.status == ProviderRefundStatus::done) left -= each.amount;
    }
    return left;
}

std::optional<DeclineReason> decline_of(const orders::PaymentToken& given) {
    constexpr std::array accepted{
        token::ok,
        token::timeout_after_charge,
        token::timeout_before_charge,
        token::late,
        token::twice,
        token::unavailable,
        token::processing,
    };
    if (std::ranges::find(accepted, given.text()) != accepted.end()) return std::nullopt;
    if (given.text() == token::declined) return DeclineReason::card_declined;
    if (given.text() == token::insufficient_funds) return DeclineReason::insufficient_funds;
    if (given.text() == token::expired) return DeclineReason::card_expired;
    return DeclineReason::not_permitted;
}

Manner manner_of(const orders::PaymentToken& given) {
    if (given.text() == token::timeout_after_charge) return Manner::silent;
    if (given.text() == token::late) return Manner::late;
    if (given.text() == token::twice) return Manner::twice;
    return Manner::prompt;
}

/// One call about one payment that the provider knows.
class Ruling final {
public:
    Ruling(
        Ledger& ledger, const ProviderCall& call, Instant now, const std::vector<LedgerRow>& rows
    )
        : ledger_(ledger)
        , call_(call)
        , now_(now)
        , created_(rows.front())
        , payment_(truth(rows, now).value()) {
        INVARIANT(
            created_.payment == call.payment, "a provider's id and our name are of one payment"
        );
    }

    Outcome rule() {
        switch (call_.operation) {
        case ProviderOperation::authorise:
            return authorise();
        case ProviderOperation::capture:
            return capture();
        case ProviderOperation::void_:
            return void_payment();
        case ProviderOperation::refund:
            return refund();
        case ProviderOperation::create:
        case ProviderOperation::query:
            break;
        }
        return as_it_stands();
    }

private:
    Outcome authorise() {
        if (payment_.status != ProviderStatus::created) return as_it_stands();
        if (const std::optional<Manner> failed = failure()) return {payment_, *failed};
        LedgerRow row = new_row(created_.amount);
        row.decline = decline_of(created_.token);
        row.ok = !row.decline;
        if (created_.token.text() == token::processing) row.settles_at = now_ + processing_for;
        return written(row, manner_of(created_.token));
    }

    Outcome capture() {
        if (payment_.status != ProviderStatus::authorised) return as_it_stands();
        return written(new_row(payment_.authorised));
    }

    Outcome void_payment() {
        using enum ProviderStatus;
        const bool open = payment_.status == created || payment_.status == processing ||
                          payment_.status == authorised;
        if (!open) return as_it_stands();
        return written(new_row(Money{0, created_.amount.currency}));
    }

    Outcome refund() {
        INVARIANT(
            call_.refund.has_value() && call_.amount.amount > 0, "a refund has a name and an amount"
        );
        if (std::ranges::find(payment_.refunds, *call_.refund, &ProviderRefund::refund) !=
            payment_.refunds.end()) {
            return as_it_stands();
        }
        LedgerRow row = new_row(call_.amount);
        row.refund = call_.refund;
        row.ok = call_.amount.currency == payment_.captured.currency &&
                 call_.amount <= refundable(payment_);
        return written(row);
    }

    /// Whether a test token makes this call fail before it has an effect.
    std::optional<Manner> failure() {
        const std::string& given = created_.token.text();
        const bool once = given == token::timeout_before_charge;
        if (!once && given != token::unavailable) return std::nullopt;
        const int failures_max = once ? 1 : unavailable_calls;
        if (ledger_.count_failure(created_.id) > failures_max) return std::nullopt;
        return once ? Manner::silent : Manner::out_of_order;
    }

    [[nodiscard]] LedgerRow new_row(Money amount) const {
        return LedgerRow{
            .number = ledger_.newest() + 1,
            .key = call_.key,
            .operation = call_.operation,
            .id = created_.id,
            .payment = created_.payment,
            .amount = amount,
            .token = created_.token,
            .at = now_,
            .settles_at = now_,
        };
    }

    Outcome written(const LedgerRow& row, Manner manner = Manner::prompt) {
        ledger_.append(row);
        return {truth(ledger_.of(created_.id), now_), manner};
    }

    [[nodiscard]] Outcome as_it_stands() const { return {payment_}; }

    Ledger& ledger_;
    const ProviderCall& call_;
    Instant now_;
    const LedgerRow& created_;
    ProviderPayment payment_;
};

Outcome create(Ledger& ledger, const ProviderCall& call, Instant now) {
    INVARIANT(call.amount.amount > 0, "a payment is over an amount");
    const std::int64_t number = ledger.newest() + 1;
    const LedgerRow row{
        .number = number,
        .key = call.key,
        .operation = ProviderOperation::create,
        .id = ProviderRef::of("sbx_" + std::to_string(number)),
        .payment = call.payment,
        .amount = call.amount,
        .token = call.token,
        .at = now,
        .settles_at = now,
    };
    ledger.append(row);
    return {truth({row}, now)};
}

} // namespace

std::optional<ProviderPayment> truth(const std::vector<LedgerRow>& rows, Instant now) {
    if (rows.empty()) return std::nullopt;
    // What was voided while it was under way has never been authorised, however late one looks.
    const auto voided = std::ranges::find(rows, ProviderOperation::void_, &LedgerRow::operation);
    const Instant moment = voided == rows.end() ? now : voided->at;
    ProviderPayment payment;
    for (const LedgerRow& row : rows) book(payment, row, moment);
    return payment;
}

Outcome perform(Ledger& ledger, const ProviderCall& call, Instant now) {
    if (call.operation != ProviderOperation::query) {
        if (const std::optional<LedgerRow> row = ledger.find(call.key)) {
            INVARIANT(same_call(*row, call), "an idempotency key names one call");
            return {truth(ledger.of(row->id), now)};
        }
    }
    if (call.operation == ProviderOperation::create) return create(ledger, call, now);
    const std::vector<LedgerRow> rows = ledger.of(call.id);
    if (rows.empty()) return {};
    return Ruling(ledger, call, now, rows).rule();
}

} // namespace backline::sandbox_pay
