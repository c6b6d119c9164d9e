#include "services/payments/refunds/model.hpp"

#include "services/payments/errors.hpp"
#include "services/payments/payments/model/draft.hpp"

namespace backline::payments {

namespace {

Result<void> allowed(const Payment& payment, const RefundView& asked) {
    if (payment.attention) {
        return refuse(
            error("payment_needs_attention"), "A person must look at this payment first."
        );
    }
    if (payment.captured.is_zero()) {
        return refuse(error("payment_not_captured"), "Of this payment nothing was captured.");
    }
    const Money rest = payment.captured - promised_back(payment);
    if (asked.amount > rest) {
        return refuse(
            error("refund_exceeds_captured"),
            "At most " + std::to_string(rest.amount) + " can be given back."
        );
    }
    if (payment.refunds.size() >= refunds_by_staff_max) {
        return refuse(error("refunds_too_many"), "Of one payment no more refunds are made.");
    }
    return {};
}

} // namespace

Result<void> check(const NewRefund& refund) {
    if (refund.amount.amount > 0) return {};
    const FieldError where{"#/amount/amount", "out_of_range", "must be above zero"};
    return refuse(error("refund_of_nothing"), "The amount must be above zero.", {where});
}

Result<Change<Payment>> ask_refund(const Payment* payment, const RefundView& asked) {
    if (payment == nullptr) return refuse(error("payment_unknown"), "There is no such payment.");
    if (find_refund(*payment, asked.id) != nullptr) return Change<Payment>::nothing();
    // A payment that was closed before it was asked for has no currency, and nothing to give back either.
    const bool priced = payment->customer.has_value();
    if (priced && asked.amount.currency != payment->amount.currency) {
        const FieldError where{"#/amount/currency", "differs", "is not the payment's currency"};
        return refuse(
            error("refund_currency_differs"), "The payment has another currency.", {where}
        );
    }
    const Result<void> may = allowed(*payment, asked);
    if (!may) return std::unexpected(may.error());
    Draft draft{*payment, {asked.requested_at, asked.requested_at}};
    draft.add_refund({.asked = asked});
    return std::move(draft).done();
}

RefundState state_of(const Refund& refund) {
    return {refund.asked, refund.status, refund.ended_at};
}

} // namespace backline::payments
