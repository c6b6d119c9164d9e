// At stake: one charge per order, and an answer to every question that orders asks, whatever the order of things.
// Tested by deciding on a real payment in every status, and by the edges that the table alone does not show.
#include "platform/base/type.hpp"
#include "services/payments/payments/model.hpp"
#include "services/payments/payments/model/samples_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace backline::payments {

namespace {

using namespace samples;
using testing::ElementsAre;
using testing::IsEmpty;

template <class E> std::vector<E> all() {
    std::vector<E> values;
    for (const EnumEntry& entry : type_of<E>().enumeration->entries) {
        values.push_back(static_cast<E>(entry.value));
    }
    return values;
}

/// How an answer of the table shows.
std::vector<std::string> shown(Answer answer, const Payment& payment) {
    switch (answer) {
    case Answer::nothing:
        return {};
    case Answer::authorised:
        return {"payment_authorised"};
    case Answer::declined:
        return {"payment_declined"};
    case Answer::captured:
        return {"payment_captured"};
    case Answer::capture_refused:
        return {"capture_refused"};
    case Answer::closed:
        if (!payment.close_ref) return {};
        return {"payment_closed"};
    }
    return {};
}

ProviderOperation operation(const Step& step) {
    return step.call->operation;
}

} // namespace

TEST(PaymentModel, gives_every_status_by_the_way_that_leads_there) {
    for (const PaymentStatus status : all<PaymentStatus>()) {
        EXPECT_EQ(payment_in(status).status, status);
    }
}

TEST(PaymentModel, follows_the_table_when_orders_asks) {
    for (const PaymentStatus status : all<PaymentStatus>()) {
        const Payment payment = payment_in(status);
        const auto check = [&](const Change<Payment>& change, Incoming incoming) {
            const Transition& row = transition(status, incoming);
            ASSERT_TRUE(change.next.has_value());
            EXPECT_EQ(change.next->status, row.to);
            EXPECT_EQ(events_of(change), shown(row.answer, *change.next));
        };
        check(authorise(&payment, payment_asked(order(), 7), when), Incoming::authorise_asked);
        check(capture(&payment, capture_asked(order(), 7), when), Incoming::capture_asked);
        check(close(&payment, close_asked(order(), 7), when), Incoming::close_asked);
    }
}

TEST(PaymentModel, follows_the_table_when_the_provider_is_further_than_was_known) {
    for (const PaymentStatus status : all<PaymentStatus>()) {
        for (const ProviderStatus theirs : all<ProviderStatus>()) {
            Payment payment = payment_in(status);
            payment.known_as.reset();
            const Transition& row = transition(status, incoming_of(theirs));
            const Change<Payment> change = learn(payment, truth(theirs), when);
            EXPECT_EQ(change.next.value_or(payment).status, row.to);
            EXPECT_EQ(events_of(change), shown(row.answer, change.next.value_or(payment)));
        }
    }
}

TEST(PaymentModel, finds_nothing_new_in_what_it_heard_before) {
    for (const PaymentStatus status : all<PaymentStatus>()) {
        for (const ProviderStatus theirs : all<ProviderStatus>()) {
            const Payment payment = payment_in(status);
            const Change<Payment> first = learn(payment, truth(theirs), when);
            if (!first.next) continue;
            const Change<Payment> again = learn(*first.next, truth(theirs), when);
            EXPECT_FALSE(again.next.has_value());
            EXPECT_THAT(events_of(again), IsEmpty());
        }
    }
}

TEST(PaymentModel, does_nothing_about_an_attempt_that_it_knows) {
    for (const PaymentStatus status : all<PaymentStatus>()) {
        const Payment payment = payment_in(status);
        EXPECT_FALSE(authorise(&payment, payment_asked(order(), 1), when).next.has_value());
        if (payment.capture_ref) {
            EXPECT_FALSE(capture(&payment, capture_asked(order(), 1), when).next.has_value());
        }
        if (payment.close_ref) {
            EXPECT_FALSE(close(&payment, close_asked(order(), 1), when).next.has_value());
        }
    }
}

TEST(PaymentModel, answers_the_newest_question) {
    Payment payment = payment_in(PaymentStatus::authorising);
    payment = *authorise(&payment, payment_asked(order(), 4), when).next;
    const Change<Payment> change = learn(payment, truth(ProviderStatus::authorised), when);
    const auto& told =
        *static_cast<const PaymentAuthorised*>(change.events.front().data.value.get());
    EXPECT_EQ(told.ref, ref(order(), orders::Step::authorise, 4));
    EXPECT_EQ(told.amount, price);
}

TEST(PaymentModel, refuses_to_charge_what_was_closed_before_it_was_asked_for) {
    const Change<Payment> closing = close(nullptr, close_asked(order()), when);
    EXPECT_EQ(closing.next->status, PaymentStatus::closed);
    EXPECT_EQ(closing.next->id, payment_of(order()));
    EXPECT_THAT(events_of(closing), ElementsAre("payment_closed"));
    const Change<Payment> late = authorise(&*closing.next, payment_asked(order()), when);
    EXPECT_EQ(late.next->status, PaymentStatus::closed);
    EXPECT_THAT(events_of(late), ElementsAre("payment_declined"));
    EXPECT_EQ(next_step(*late.next, nullptr).kind, Step::Kind::nothing);
}

TEST(PaymentModel, ignores_a_capture_of_nothing) {
    EXPECT_FALSE(capture(nullptr, capture_asked(order()), when).next.has_value());
}

TEST(PaymentModel, parks_a_request_over_another_amount) {
    const Payment payment = payment_in(PaymentStatus::authorised);
    orders::PaymentRequested other = payment_asked(order(), 2);
    other.amount.amount -= 1;
    const Change<Payment> change = authorise(&payment, other, when);
    EXPECT_EQ(change.next->attention, AttentionReason::amount_differs);
    EXPECT_THAT(events_of(change), IsEmpty());
}

TEST(PaymentModel, parks_what_the_provider_contradicts) {
    const Payment payment = payment_in(PaymentStatus::authorised);
    const auto parked_for = [&](auto spoil) {
        ProviderPayment wrong = truth(ProviderStatus::captured);
        spoil(wrong);
        const Change<Payment> change = learn(payment, wrong, when);
        EXPECT_EQ(change.next->status, PaymentStatus::needs_attention);
        EXPECT_THAT(events_of(change), IsEmpty());
        EXPECT_FALSE(change.next->due_at.has_value());
        return *change.next->attention;
    };
    using enum AttentionReason;
    EXPECT_EQ(
        parked_for([](auto& wrong) { wrong.amount.currency = Currency("USD"); }), amount_differs
    );
    EXPECT_EQ(parked_for([](auto& wrong) { wrong.captured.amount -= 1; }), amount_differs);
    EXPECT_EQ(
        parked_for([](auto& wrong) { wrong.id = ProviderRef::of("other"); }), identity_differs
    );
    EXPECT_EQ(
        parked_for([](auto& wrong) { wrong.refunds.push_back({RefundId{}, price}); }),
        refund_unknown
    );
    EXPECT_EQ(
        parked_for([](auto& wrong) { wrong.status = ProviderStatus::declined; }), status_impossible
    );
}

TEST(PaymentModel, creates_then_authorises_then_captures_by_keys_of_its_own) {
    const Payment fresh = payment_in(PaymentStatus::authorising);
    const std::string id = payment_of(order()).text();
    EXPECT_EQ(next_step(fresh, nullptr).call->key.text(), id + "/create");
    const ProviderPayment created = truth(ProviderStatus::created);
    EXPECT_FALSE(learn(fresh, created, when).next.has_value()) << "not worth a commit";
    EXPECT_EQ(next_step(fresh, &created).call->key.text(), id + "/authorise");
    EXPECT_EQ(next_step(fresh, &created).call->id, created.id);
    const Payment asked = payment_in(PaymentStatus::capturing);
    EXPECT_EQ(next_step(asked, nullptr).call->key.text(), id + "/capture");
}

TEST(PaymentModel, asks_before_it_repeats_what_may_have_been_done) {
    const ProviderPayment created = truth(ProviderStatus::created);
    const Instant later = noon + Duration{1000};
    const Payment authorising = payment_in(PaymentStatus::authorising);
    const Payment unsure = *put_off(authorising, &created, later).next;
    EXPECT_EQ(operation(next_step(unsure, nullptr)), ProviderOperation::query);
    EXPECT_TRUE(unsure.token.empty()) << "the provider has it";
    const Payment never_created = *put_off(authorising, nullptr, later).next;
    EXPECT_EQ(operation(next_step(never_created, nullptr)), ProviderOperation::create);
    const Payment capturing = *put_off(payment_in(PaymentStatus::capturing), nullptr, later).next;
    EXPECT_EQ(operation(next_step(capturing, nullptr)), ProviderOperation::query);
    const ProviderPayment authorised = truth(ProviderStatus::authorised);
    EXPECT_EQ(operation(next_step(capturing, &authorised)), ProviderOperation::capture);
}

TEST(PaymentModel, waits_for_a_provider_that_is_at_work) {
    const Payment payment = payment_in(PaymentStatus::authorising);
    const ProviderPayment processing = truth(ProviderStatus::processing);
    EXPECT_EQ(next_step(payment, &processing).kind, Step::Kind::wait);
}

TEST(PaymentModel, is_due_exactly_while_there_is_something_to_do) {
    for (const PaymentStatus status : all<PaymentStatus>()) {
        const Payment payment = payment_in(status);
        const bool work = next_step(payment, nullptr).kind != Step::Kind::nothing;
        EXPECT_EQ(payment.due_at.has_value(), work);
        EXPECT_EQ(put_off(payment, nullptr, noon).next.has_value(), work);
    }
}

TEST(PaymentModel, is_taken_up_by_one_only) {
    const Payment due = *put_off(payment_in(PaymentStatus::capturing), nullptr, noon).next;
    const Change<Payment> mine = take_up(due, when);
    ASSERT_TRUE(mine.next.has_value());
    EXPECT_FALSE(take_up(*mine.next, when).next.has_value());
}

TEST(PaymentModel, voids_what_is_reserved_and_refunds_what_is_captured) {
    const Payment reserved = payment_in(PaymentStatus::closing);
    EXPECT_EQ(operation(next_step(reserved, nullptr)), ProviderOperation::void_);
    const Payment captured = payment_in(PaymentStatus::captured);
    const Payment closing = *close(&captured, close_asked(order()), when).next;
    const Step step = next_step(closing, nullptr);
    EXPECT_EQ(operation(step), ProviderOperation::refund);
    EXPECT_EQ(step.call->amount, price);
}

TEST(PaymentModel, gives_back_a_capture_that_won_against_the_closing) {
    const Payment closing = payment_in(PaymentStatus::closing);
    const ProviderPayment captured = truth(ProviderStatus::captured);
    const Payment next = *learn(closing, captured, when).next;
    const Step step = next_step(next, &captured);
    ASSERT_EQ(operation(step), ProviderOperation::refund);
    ProviderPayment returned = captured;
    returned.refunds.push_back({*step.call->refund, price, ProviderRefundStatus::done});
    const Change<Payment> end = learn(next, returned, when);
    EXPECT_EQ(end.next->status, PaymentStatus::closed);
    EXPECT_THAT(events_of(end), ElementsAre("payment_closed"));
    const auto& told = *static_cast<const PaymentClosed*>(end.events.front().data.value.get());
    EXPECT_EQ(told.returned, price);
}

TEST(PaymentModel, parks_a_closing_whose_refund_is_refused) {
    const Payment captured = payment_in(PaymentStatus::captured);
    const Payment closing = *close(&captured, close_asked(order()), when).next;
    ProviderPayment refused = truth(ProviderStatus::captured);
    refused.refunds.push_back(
        {closing.refunds.front().asked.id, price, ProviderRefundStatus::refused}
    );
    EXPECT_EQ(learn(closing, refused, when).next->attention, AttentionReason::refund_refused);
}

TEST(PaymentModel, records_what_happened_behind_its_back) {
    const Payment payment = payment_in(PaymentStatus::authorising);
    const Change<Payment> change = learn(payment, truth(ProviderStatus::captured), when);
    const std::vector<Transaction> books = transactions_of(change);
    ASSERT_EQ(books.size(), 2U);
    EXPECT_EQ(books[0].kind, TransactionKind::authorised);
    EXPECT_FALSE(books[0].posting.has_value());
    EXPECT_EQ(books[1].kind, TransactionKind::captured);
    EXPECT_EQ(books[1].posting, (Posting{Account::provider_receivable, Account::sales_clearing}));
}

} // namespace backline::payments
