// At stake: other people's money. Charged twice, kept after a refund, or taken without anybody knowing.
// Method: the promises of the payment provider port, one by one, over the sandbox's two kinds of books; the provider's
// own ledger is what counts in the end.
#include "adapters/sandbox_pay/provider_test.hpp"

#include "platform/async/task_group.hpp"
#include "platform/base/invariant.hpp"

#include <map>

namespace backline::sandbox_pay {
namespace {

using enum ProviderStatus;

TYPED_TEST_SUITE(Provider, AllBooks, Names);

TYPED_TEST(Provider, takes_a_payment_from_creation_to_refund) {
    const ProviderPayment payment = this->create(token::ok);
    EXPECT_EQ(payment.status, created);
    EXPECT_EQ(payment.amount, euros(5000));
    EXPECT_EQ(payment.authorised, euros(0));
    const ProviderPayment reserved = this->authorise(payment, "a");
    EXPECT_EQ(reserved.status, authorised);
    EXPECT_EQ(reserved.authorised, euros(5000));
    EXPECT_EQ(reserved.captured, euros(0));
    const ProviderPayment taken = this->capture(payment, "c");
    EXPECT_EQ(taken.status, ProviderStatus::captured);
    EXPECT_EQ(taken.captured, euros(5000));
    const ProviderPayment returned = this->refund(payment, euros(1500), one, "r");
    const ProviderRefund expected{one, euros(1500), ProviderRefundStatus::done};
    EXPECT_EQ(returned.refunds, (List<ProviderRefund, 100>{expected}));
    EXPECT_EQ(returned.captured, euros(5000));
    EXPECT_EQ(this->query(payment), returned);
    EXPECT_EQ(this->story(), "create authorise capture refund");
}

TYPED_TEST(Provider, has_no_effect_on_creation) {
    const ProviderPayment payment = this->create(token::declined);
    EXPECT_EQ(this->query(payment).status, created);
    EXPECT_EQ(this->story(), "create");
}

TYPED_TEST(Provider, declines_with_the_reason_every_time_it_is_asked) {
    using enum payments::DeclineReason;
    const std::map<std::string_view, payments::DeclineReason> reasons{
        {token::declined, card_declined},
        {token::insufficient_funds, insufficient_funds},
        {token::expired, card_expired},
        {"tok_of_nobody", not_permitted},
    };
    std::uint64_t number = 0;
    for (const auto& [given, reason] : reasons) {
        const ProviderPayment payment = this->create(given, PaymentId::from_parts({}, 1, ++number));
        for (const std::string_view each : {"first", "first", "second"}) {
            const ProviderPayment answer =
                this->authorise(payment, std::string(given) + std::string(each));
            EXPECT_EQ(answer.status, declined);
            EXPECT_EQ(answer.declined_for, reason);
            EXPECT_EQ(answer.authorised, euros(0));
        }
        EXPECT_EQ(this->void_payment(payment, std::string(given) + "v").status, declined);
        EXPECT_EQ(this->capture(payment, std::string(given) + "c").captured, euros(0));
        EXPECT_FALSE(this->rows().back().ok);
    }
}

TYPED_TEST(Provider, answers_a_repeated_call_with_todays_truth) {
    const ProviderPayment payment = this->captured();
    const ProviderPayment today = this->refund(payment, euros(500), one, "r");
    const std::string before = this->story();
    EXPECT_EQ(this->create(token::ok), today);
    EXPECT_EQ(this->authorise(payment, first.text() + "/a"), today);
    EXPECT_EQ(this->capture(payment, first.text() + "/c"), today);
    EXPECT_EQ(this->refund(payment, euros(500), one, "r"), today);
    EXPECT_EQ(this->story(), before);
}

TYPED_TEST(Provider, takes_a_key_for_another_call_as_a_bug) {
    const ProviderPayment payment = this->captured(first);
    const ProviderPayment other = this->authorise(this->create(token::ok, second), "a");
    this->refund(payment, euros(10), one, "r");
    EXPECT_THROW(this->capture(other, "a"), InvariantBroken);
    EXPECT_THROW(this->capture(other, first.text() + "/c"), InvariantBroken);
    EXPECT_THROW(this->refund(payment, euros(11), one, "r"), InvariantBroken);
    EXPECT_THROW(this->refund(payment, euros(10), two, "r"), InvariantBroken);
    EXPECT_THROW(this->ask(new_payment(token::ok, first, euros(1))), InvariantBroken);
    EXPECT_THROW(this->create(token::declined), InvariantBroken);
    EXPECT_EQ(this->query(other).status, authorised);
    EXPECT_EQ(this->query(payment).refunds.size(), 1U);
}

TYPED_TEST(Provider, takes_a_payment_under_anothers_id_as_a_bug) {
    const ProviderPayment payment = this->create(token::ok, first);
    ProviderCall call = this->about(payment, ProviderOperation::authorise, "a");
    call.payment = second;
    EXPECT_THROW(this->ask(call), InvariantBroken);
    EXPECT_THROW(this->ask(new_payment(token::ok, second, euros(0))), InvariantBroken);
    EXPECT_EQ(this->story(), "create");
}

TYPED_TEST(Provider, reserves_and_captures_once_whatever_the_key) {
    const ProviderPayment payment = this->create(token::ok);
    for (const char* const key : {"a1", "a2"}) {
        EXPECT_EQ(this->authorise(payment, key).status, authorised);
    }
    for (const char* const key : {"c1", "c2"}) {
        EXPECT_EQ(this->capture(payment, key).captured, euros(5000));
    }
    EXPECT_EQ(this->authorise(payment, "a3").status, ProviderStatus::captured);
    EXPECT_EQ(this->story(), "create authorise capture");
}

TYPED_TEST(Provider, keeps_refunds_within_what_was_captured) {
    const ProviderPayment payment = this->captured();
    const auto refund = [&](Money amount, std::uint64_t number) {
        const RefundId name = RefundId::from_parts({}, 1, number);
        return this->refund(payment, amount, name, "r" + std::to_string(number))
            .refunds.back()
            .status;
    };
    EXPECT_EQ(refund(euros(5001), 1), ProviderRefundStatus::refused);
    EXPECT_EQ(refund({100, Currency("USD")}, 2), ProviderRefundStatus::refused);
    EXPECT_EQ(refund(euros(3000), 3), ProviderRefundStatus::done);
    EXPECT_EQ(refund(euros(2001), 4), ProviderRefundStatus::refused);
    EXPECT_EQ(refund(euros(2000), 5), ProviderRefundStatus::done);
    EXPECT_EQ(refund(euros(1), 6), ProviderRefundStatus::refused);
    EXPECT_THROW(refund(euros(0), 7), InvariantBroken);
    EXPECT_THROW(refund(euros(-1), 8), InvariantBroken);
    EXPECT_EQ(
        this->story(), "create authorise capture refund! refund! refund refund! refund refund!"
    );
}

TYPED_TEST(Provider, makes_a_refund_once_by_its_name) {
    const ProviderPayment payment = this->captured();
    EXPECT_EQ(this->refund(payment, euros(100), one, "r1").refunds.size(), 1U);
    EXPECT_EQ(this->refund(payment, euros(100), one, "r2").refunds.size(), 1U);
    EXPECT_EQ(this->refund(payment, euros(100), two, "r3").refunds.size(), 2U);
}

TYPED_TEST(Provider, refuses_a_refund_of_what_was_never_captured) {
    const ProviderPayment payment = this->authorise(this->create(token::ok), "a");
    const ProviderPayment answer = this->refund(payment, euros(1), one, "r");
    EXPECT_EQ(answer.refunds.back().status, ProviderRefundStatus::refused);
    EXPECT_EQ(this->capture(payment, "c").captured, euros(5000));
}

TYPED_TEST(Provider, does_not_remember_what_the_state_did_not_allow) {
    const ProviderPayment payment = this->create(token::ok);
    EXPECT_EQ(this->capture(payment, "c").status, created);
    EXPECT_EQ(this->authorise(payment, "a").status, authorised);
    EXPECT_EQ(this->capture(payment, "c").status, ProviderStatus::captured);
    EXPECT_EQ(this->void_payment(payment, "v").status, ProviderStatus::captured);
}

TYPED_TEST(Provider, never_charges_what_was_voided) {
    const ProviderPayment fresh = this->create(token::ok, first);
    for (const char* const key : {"v1", "v2"}) {
        EXPECT_EQ(this->void_payment(fresh, key).status, voided);
    }
    EXPECT_EQ(this->authorise(fresh, "a1").status, voided);
    const ProviderPayment reserved = this->authorise(this->create(token::ok, second), "a2");
    EXPECT_EQ(this->void_payment(reserved, "v3").status, voided);
    const ProviderPayment late = this->capture(reserved, "c2");
    EXPECT_EQ(late.status, voided);
    EXPECT_EQ(late.authorised, euros(5000));
    EXPECT_EQ(late.captured, euros(0));
    EXPECT_EQ(this->story(), "create void_ create authorise void_");
}

TYPED_TEST(Provider, says_so_when_its_books_do_not_know_a_payment) {
    const ProviderPayment stranger{.id = ProviderRef::of("sbx_999")};
    EXPECT_EQ(this->fate(this->about(stranger, ProviderOperation::query, "q")), "not_done");
    EXPECT_EQ(this->fate(this->about(stranger, ProviderOperation::authorise, "a")), "not_done");
    EXPECT_EQ(this->story(), "");
}

Task<> capture_one(SandboxPay& provider, ProviderCall call) {
    const ProviderPayment answer = co_await provider.call(std::move(call));
    EXPECT_EQ(answer.captured, euros(5000));
}

Task<> capture_at_once(SandboxPay& provider, ProviderCall call, bool same_key) {
    TaskGroup group([](const std::exception_ptr&) { ADD_FAILURE() << "a call broke"; });
    for (int each = 0; each < 50; ++each) {
        if (!same_key) call.key = ProviderKey::of("key" + std::to_string(each));
        group.spawn(capture_one(provider, call));
    }
    co_await group.join();
}

TYPED_TEST(Provider, captures_once_for_many_calls_at_once) {
    for (const bool same_key : {true, false}) {
        const ProviderPayment payment = this->create(token::ok, same_key ? first : second);
        this->authorise(payment, same_key ? "a1" : "a2");
        const ProviderCall call = this->about(payment, ProviderOperation::capture, "same");
        memory::run(this->loop, capture_at_once(this->provider, call, same_key));
    }
    EXPECT_EQ(this->story(), "create authorise capture create authorise capture");
}

TYPED_TEST(Provider, lets_one_bug_break_one_call) {
    this->captured();
    TaskGroup group([](const std::exception_ptr&) {});
    group.spawn(capture_one(this->provider, {.operation = ProviderOperation::create}));
    this->create(token::ok, second);
    EXPECT_EQ(group.running(), 0U);
    EXPECT_EQ(this->story(), "create authorise capture create");
}

TYPED_TEST(Provider, lists_its_books_page_by_page) {
    this->captured(first);
    this->captured(second);
    std::vector<std::int64_t> seen;
    for (std::int64_t after = 0;;) {
        const auto page = memory::run(this->loop, this->provider.ledger(after, 4));
        if (page.empty()) break;
        for (const LedgerRow& row : page) seen.push_back(row.number);
        after = page.back().number;
    }
    EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
}

} // namespace
} // namespace backline::sandbox_pay
