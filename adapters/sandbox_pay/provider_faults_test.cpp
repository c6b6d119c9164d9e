// At stake: one charge, whatever happens to the call that asked for it.
// Method: every test token and every injected fault, over the sandbox's two kinds of books; then 1,000 buyers whose
// charge is taken and never confirmed.
#include "adapters/sandbox_pay/provider_test.hpp"
#include "platform/async/task_group.hpp"

#include <map>

namespace backline::sandbox_pay {
namespace {

using enum ProviderStatus;

template <class Books> struct FailingProvider : Provider<Books> {};

TYPED_TEST_SUITE(FailingProvider, AllBooks, Names);

TYPED_TEST(FailingProvider, that_charges_and_falls_silent_tells_the_truth_later) {
    const ProviderPayment payment = this->create(token::timeout_after_charge);
    const Monotonic start = this->loop.now().monotonic;
    EXPECT_EQ(this->fate(this->about(payment, ProviderOperation::authorise, "a")), "unknown");
    EXPECT_GE(this->loop.now().monotonic, start + 3s);
    EXPECT_EQ(this->query(payment).status, authorised);
    EXPECT_EQ(this->authorise(payment, "a").status, authorised);
    EXPECT_EQ(this->authorise(payment, "b").status, authorised);
    EXPECT_EQ(this->story(), "create authorise");
}

TYPED_TEST(FailingProvider, that_falls_silent_before_it_charges_can_be_asked_again) {
    const ProviderPayment payment = this->create(token::timeout_before_charge);
    EXPECT_EQ(this->fate(this->about(payment, ProviderOperation::authorise, "a")), "unknown");
    EXPECT_EQ(this->query(payment).status, created);
    EXPECT_EQ(this->authorise(payment, "a").status, authorised);
    EXPECT_EQ(this->story(), "create authorise");
}

TYPED_TEST(FailingProvider, that_is_out_of_order_says_that_nothing_was_done) {
    const ProviderPayment payment = this->create(token::unavailable);
    for (int each = 0; each < unavailable_calls; ++each) {
        EXPECT_EQ(this->fate(this->about(payment, ProviderOperation::authorise, "a")), "not_done");
        EXPECT_EQ(this->query(payment).status, created);
    }
    EXPECT_EQ(this->authorise(payment, "a").status, authorised);
}

TYPED_TEST(FailingProvider, that_is_late_answers_after_two_seconds) {
    const ProviderPayment payment = this->create(token::late);
    const Monotonic start = this->loop.now().monotonic;
    EXPECT_EQ(this->authorise(payment, "a").status, authorised);
    EXPECT_GE(this->loop.now().monotonic, start + 2s);
    EXPECT_LT(this->loop.now().monotonic, start + 3s);
}

TYPED_TEST(FailingProvider, that_answers_twice_gives_notice_and_charges_once) {
    std::vector<PaymentId> notices;
    this->provider.on_notice([&](PaymentId payment) { notices.push_back(payment); });
    const ProviderPayment payment = this->create(token::twice);
    EXPECT_EQ(this->authorise(payment, "a").status, authorised);
    EXPECT_EQ(notices, (std::vector{first, first}));
    EXPECT_EQ(this->story(), "create authorise");
}

Task<> pause(Runtime& runtime, Duration length) {
    co_await sleep_for(runtime, length);
}

TYPED_TEST(FailingProvider, that_takes_its_time_has_reserved_two_seconds_later) {
    const ProviderPayment payment = this->create(token::processing);
    EXPECT_EQ(this->authorise(payment, "a").status, processing);
    EXPECT_EQ(this->capture(payment, "c").status, processing);
    EXPECT_EQ(this->query(payment).authorised, euros(0));
    memory::run(this->loop, pause(this->runtime, 2s));
    EXPECT_EQ(this->authorise(payment, "a").status, authorised);
    EXPECT_EQ(this->capture(payment, "c").captured, euros(5000));
}

TYPED_TEST(FailingProvider, that_takes_its_time_can_be_stopped_for_good) {
    const ProviderPayment payment = this->create(token::processing);
    EXPECT_EQ(this->authorise(payment, "a").status, processing);
    EXPECT_EQ(this->void_payment(payment, "v").status, voided);
    memory::run(this->loop, pause(this->runtime, 3s));
    EXPECT_EQ(this->query(payment).status, voided);
    EXPECT_EQ(this->query(payment).authorised, euros(0));
}

/// A buyer whose charge is taken and never confirmed, who asks again until it is clear.
Task<> buy(SandboxPay& provider, std::uint64_t number, int& unknown) {
    const PaymentId payment = PaymentId::from_parts({}, 1, number);
    const ProviderPayment made =
        co_await provider.call(new_payment(token::timeout_after_charge, payment));
    ProviderCall call{
        .operation = ProviderOperation::authorise,
        .key = ProviderKey::of(payment.text() + "/authorise"),
        .payment = payment,
        .id = made.id,
        .amount = made.amount,
    };
    try {
        std::ignore = co_await provider.call(call);
    } catch (const Unavailable& broken) {
        unknown += broken.outcome() == Unavailable::Outcome::unknown ? 1 : 0;
    }
    const ProviderPayment again = co_await provider.call(call);
    EXPECT_EQ(again.status, authorised);
    call.operation = ProviderOperation::capture;
    call.key = ProviderKey::of(payment.text() + "/capture");
    const ProviderPayment taken = co_await provider.call(call);
    EXPECT_EQ(taken.captured, euros(5000));
}

Task<> buy_all(SandboxPay& provider, std::uint64_t buyers, int& unknown, int& sent_away) {
    TaskGroup group([&](const std::exception_ptr&) { ++sent_away; });
    for (std::uint64_t each = 0; each < buyers; ++each) group.spawn(buy(provider, each, unknown));
    co_await group.join();
}

TYPED_TEST(FailingProvider, charges_once_for_each_of_1000_timeouts_after_charging) {
    int unknown = 0;
    int sent_away = 0;
    memory::run(this->loop, buy_all(this->provider, 1000, unknown, sent_away));
    EXPECT_EQ(unknown, 1000);
    EXPECT_EQ(sent_away, 0);
    std::map<PaymentId, std::map<ProviderOperation, int>> counted;
    for (const LedgerRow& row : this->rows()) ++counted[row.payment][row.operation];
    using enum ProviderOperation;
    const std::map<ProviderOperation, int> once{{create, 1}, {authorise, 1}, {capture, 1}};
    EXPECT_EQ(counted.size(), 1000U);
    for (const auto& [payment, operations] : counted) EXPECT_EQ(operations, once) << payment.text();
}

TYPED_TEST(FailingProvider, sends_calls_away_when_too_many_wait) {
    SandboxPay small(this->runtime, this->books.ledger, Settings{.waiting_max = 10});
    int unknown = 0;
    int sent_away = 0;
    memory::run(this->loop, buy_all(small, 30, unknown, sent_away));
    EXPECT_EQ(unknown + sent_away, 30);
    EXPECT_GE(unknown, 10);
    EXPECT_GT(sent_away, 0);
}

struct Injected {
    Fault fault;
    std::string_view fate;
    std::size_t rows;
    std::size_t notices;
};

TYPED_TEST(FailingProvider, fails_as_the_simulator_wants) {
    for (const Injected& each : {
             Injected{Fault::unavailable, "not_done", 0, 0},
             Injected{Fault::lost_request, "unknown", 0, 0},
             Injected{Fault::lost_answer, "unknown", 1, 0},
             Injected{Fault::late, "answered", 2, 0},
             Injected{Fault::noticed, "answered", 3, 2},
             Injected{Fault::none, "answered", 4, 0},
         }) {
        std::size_t notices = 0;
        this->provider.on_notice([&](PaymentId) { ++notices; });
        this->provider.inject([&](const ProviderCall&) { return each.fault; });
        const auto number = static_cast<std::uint64_t>(each.fault);
        EXPECT_EQ(
            this->fate(new_payment(token::ok, PaymentId::from_parts({}, 1, number))), each.fate
        );
        EXPECT_EQ(notices, each.notices);
        EXPECT_EQ(this->rows().size(), each.rows);
    }
}

} // namespace
} // namespace backline::sandbox_pay
