// At stake: giving back more than was taken, and giving it back twice.
// Tested by deciding on payments with refunds in every state.
#include "services/payments/payments/model/samples_test.hpp"
#include "services/payments/refunds/model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace backline::payments {

namespace {

using namespace samples;
using testing::ElementsAre;

std::string code_of(const Result<Change<Payment>>& result) {
    return result ? "" : std::string(result.error().refusal->code);
}

Payment with_refund(Payment payment, std::int64_t cents, std::uint64_t n) {
    return *ask_refund(&payment, refund_asked(payment, cents, n))->next;
}

ProviderPayment told(const Payment& payment, ProviderRefundStatus status) {
    ProviderPayment truth = samples::truth(ProviderStatus::captured);
    for (const Refund& refund : payment.refunds) {
        truth.refunds.push_back({refund.asked.id, refund.asked.amount, status});
    }
    return truth;
}

} // namespace

TEST(Refunds, are_refused_where_nothing_was_captured) {
    using enum PaymentStatus;
    for (const PaymentStatus status :
         {authorising, authorised, declined, capturing, closing, closed}) {
        const Payment payment = payment_in(status);
        EXPECT_EQ(code_of(ask_refund(&payment, refund_asked(payment, 1))), "payment_not_captured");
    }
    const Payment parked = payment_in(needs_attention);
    EXPECT_EQ(code_of(ask_refund(&parked, refund_asked(parked, 1))), "payment_needs_attention");
    EXPECT_EQ(code_of(ask_refund(nullptr, refund_asked(parked, 1))), "payment_unknown");
}

TEST(Refunds, are_bounded_by_what_is_captured_and_not_promised) {
    Payment payment = with_refund(payment_in(PaymentStatus::captured), 6'000, 1);
    EXPECT_EQ(
        code_of(ask_refund(&payment, refund_asked(payment, 4'001, 2))), "refund_exceeds_captured"
    );
    payment = with_refund(payment, 4'000, 3);
    EXPECT_EQ(
        code_of(ask_refund(&payment, refund_asked(payment, 1, 4))), "refund_exceeds_captured"
    );
}

TEST(Refunds, that_were_refused_free_their_amount) {
    Payment payment = with_refund(payment_in(PaymentStatus::captured), 6'000, 1);
    const Change<Payment> refused =
        learn(payment, told(payment, ProviderRefundStatus::refused), when);
    EXPECT_TRUE(refused.entries.empty());
    EXPECT_TRUE(ask_refund(&*refused.next, refund_asked(payment, 10'000, 2)).has_value());
}

TEST(Refunds, need_the_payments_currency_and_an_amount) {
    const Payment payment = payment_in(PaymentStatus::captured);
    RefundView dollars = refund_asked(payment, 100);
    dollars.amount.currency = Currency("USD");
    EXPECT_EQ(code_of(ask_refund(&payment, dollars)), "refund_currency_differs");
    EXPECT_FALSE(check({euros(0), Text<3, 200>::of("Nothing.")}).has_value());
    EXPECT_FALSE(check({euros(-5), Text<3, 200>::of("Less.")}).has_value());
}

TEST(Refunds, are_bounded_in_number) {
    Payment payment = payment_in(PaymentStatus::captured);
    for (std::uint64_t n = 1; n <= refunds_by_staff_max; ++n) payment = with_refund(payment, 1, n);
    EXPECT_EQ(code_of(ask_refund(&payment, refund_asked(payment, 1, 1'000))), "refunds_too_many");
}

TEST(Refunds, asked_for_again_are_found) {
    const Payment payment = with_refund(payment_in(PaymentStatus::captured), 6'000, 1);
    const Result<Change<Payment>> again = ask_refund(&payment, refund_asked(payment, 6'000, 1));
    EXPECT_FALSE(again->next.has_value());
}

TEST(Refunds, are_told_and_booked_when_the_provider_confirms) {
    const Payment payment = with_refund(payment_in(PaymentStatus::captured), 2'500, 1);
    EXPECT_FALSE(learn(payment, told(payment, ProviderRefundStatus::pending), when).next.has_value()
    );
    const Change<Payment> done = learn(payment, told(payment, ProviderRefundStatus::done), when);
    EXPECT_THAT(events_of(done), ElementsAre("payment_refunded"));
    const std::vector<Transaction> books = transactions_of(done);
    ASSERT_EQ(books.size(), 1U);
    EXPECT_EQ(books[0].posting, (Posting{Account::refunds, Account::provider_receivable}));
    EXPECT_EQ(books[0].amount, euros(2'500));
    EXPECT_EQ(refunded(*done.next), euros(2'500));
}

TEST(Refunds, of_staff_leave_a_closing_the_rest) {
    Payment payment = with_refund(payment_in(PaymentStatus::captured), 2'500, 1);
    payment = *learn(payment, told(payment, ProviderRefundStatus::done), when).next;
    const Payment closing = *close(&payment, close_asked(order()), when).next;
    EXPECT_EQ(next_step(closing, nullptr).call->amount, euros(7'500));
    const Change<Payment> end = learn(closing, told(closing, ProviderRefundStatus::done), when);
    const auto& told_orders =
        *static_cast<const PaymentClosed*>(end.events.back().data.value.get());
    EXPECT_EQ(told_orders.returned, euros(7'500));
}

TEST(Refunds, refused_in_a_closing_go_back_with_the_rest) {
    const Payment payment = with_refund(payment_in(PaymentStatus::captured), 2'500, 1);
    const Payment closing = *close(&payment, close_asked(order()), when).next;
    ProviderPayment truth = told(closing, ProviderRefundStatus::done);
    truth.refunds.front().status = ProviderRefundStatus::refused;
    const Payment next = *learn(closing, truth, when).next;
    EXPECT_EQ(next.status, PaymentStatus::closing);
    EXPECT_EQ(next_step(next, &truth).call->amount, euros(2'500));
    EXPECT_EQ(promised_back(next), price);
}

TEST(Refunds, of_all_leave_a_closing_nothing_to_do) {
    Payment payment = with_refund(payment_in(PaymentStatus::captured), 10'000, 1);
    payment = *learn(payment, told(payment, ProviderRefundStatus::done), when).next;
    const Change<Payment> closing = close(&payment, close_asked(order()), when);
    EXPECT_EQ(closing.next->status, PaymentStatus::closed);
    EXPECT_THAT(events_of(closing), ElementsAre("payment_closed"));
}

TEST(Refunds, whose_outcome_is_unknown_are_asked_for_whatever_else_is_asked) {
    const Payment payment = with_refund(payment_in(PaymentStatus::captured), 2'500, 1);
    const Payment unsure = *put_off(payment, nullptr, noon + Duration{1'000}).next;
    const Payment closing = *close(&unsure, close_asked(order()), when).next;
    EXPECT_EQ(next_step(closing, nullptr).call->operation, ProviderOperation::query);
    const ProviderPayment truth = samples::truth(ProviderStatus::captured);
    EXPECT_EQ(next_step(closing, &truth).call->operation, ProviderOperation::refund);
}

} // namespace backline::payments
