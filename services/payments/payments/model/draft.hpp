#pragma once

#include "services/payments/payments/model.hpp"

#include <vector>

namespace backline::payments {

/// A payment on its way to its next state, with the events and book entries that lead there. Every decision of the
/// model is a few calls on one.
class Draft final {
public:
    Draft(Payment payment, const When& when)
        : before_(payment)
        , change_{Change<Payment>::to(std::move(payment))}
        , when_(when) {}

    [[nodiscard]] Payment& next() { return *change_.next; }

    /// Takes the row of the table for `incoming` and gives its answer.
    void step(Incoming incoming);

    /// Stops everything until a person has looked.
    void park(AttentionReason reason);

    /// Takes over what the provider knows of itself: its id, how far it is, and the sums that this explains.
    void take_books(const ProviderPayment& truth);

    /// Ends those refunds that the provider has ended.
    void take_refunds(const ProviderPayment& truth);

    void add_refund(Refund refund);

    /// The change; nothing if the draft says no more than the document that it started from.
    [[nodiscard]] Change<Payment> done() &&;

private:
    void answer(Answer answer);
    void record(
        TransactionKind kind,
        Money amount,
        ProviderOperation operation,
        std::optional<Posting> posting = std::nullopt
    );
    void end_refund(Refund& refund, ProviderRefundStatus status);
    void refund_is_done(const Refund& refund);
    void give_rest_back();
    void end_closing();
    void set_clock();

    Payment before_;
    Change<Payment> change_;
    When when_;
};

/// The key of one operation on a payment, the same for every repetition.
[[nodiscard]] Text<1, 120> key_of(PaymentId payment, ProviderOperation operation);
[[nodiscard]] Text<1, 120> key_of(PaymentId payment, RefundId refund);

} // namespace backline::payments
