// At stake: a customer is charged once, whatever the provider and the network do, and orders hears what became of it.
// Tested through events and virtual time against a provider that keeps books of its own.
#include "services/payments/payments/feature_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace backline::payments {

namespace {

using namespace samples;
namespace token = sandbox_pay::token;
using Op = ProviderOperation;

/// A fault for one operation, as often as it is asked for.
sandbox_pay::SandboxPay::FaultHook strike(Op operation, Fault fault) {
    return
        [=](const ProviderCall& call) { return call.operation == operation ? fault : Fault::none; };
}

/// Says what it is told to say, whatever it is asked.
class StubProvider final : public Provider {
public:
    Task<ProviderPayment> call(ProviderCall) override {
        if (away) throw Unavailable(Unavailable::Outcome::not_done, "the provider is away");
        co_return told;
    }

    void on_notice(Listener wanted) override { listener = std::move(wanted); }

    ProviderPayment told = truth(ProviderStatus::authorised);
    bool away = false;
    Listener listener;
};

} // namespace

TEST(Payments, are_authorised_and_captured_in_three_commits) {
    PaymentShop shop;
    const std::int64_t before = shop.bench.disk().commits();
    const orders::OrderId order = shop.paid();
    constexpr std::int64_t posted = 2;
    EXPECT_EQ(shop.bench.disk().commits() - before - posted, 3);
    ASSERT_EQ(shop.told<PaymentAuthorised>(), 1U);
    ASSERT_EQ(shop.told<PaymentCaptured>(), 1U);
    EXPECT_EQ(shop.bench.events<PaymentAuthorised>().front().amount, price);
    EXPECT_EQ(shop.bench.events<PaymentCaptured>().front().ref, capture_asked(order).ref);
    EXPECT_EQ(shop.kept(), price.amount);
    EXPECT_TRUE(shop.payment(order).token.empty());
}

TEST(Payments, that_are_declined_take_nothing) {
    PaymentShop shop;
    shop.pay(order(), token::insufficient_funds);
    shop.bench.settle();
    ASSERT_EQ(shop.told<PaymentDeclined>(), 1U);
    EXPECT_EQ(
        shop.bench.events<PaymentDeclined>().front().reason, DeclineReason::insufficient_funds
    );
    EXPECT_EQ(shop.effects(Op::authorise), 0U);
    shop.close(order());
    shop.bench.settle();
    EXPECT_EQ(shop.told<PaymentClosed>(), 1U);
}

TEST(Payments, that_time_out_after_charging_are_charged_once_a_thousand_times) {
    PaymentShop shop;
    for (std::uint64_t n = 1; n <= 1'000; ++n) {
        shop.pay(order(n), token::timeout_after_charge);
        shop.bench.advance(Duration{50});
    }
    shop.quieten();
    EXPECT_EQ(shop.effects(Op::authorise), 1'000U);
    EXPECT_EQ(shop.told<PaymentAuthorised>(), 1'000U);
    for (const Payment& payment : shop.bench.documents<Payment>("payments.payments")) {
        EXPECT_EQ(payment.status, PaymentStatus::authorised);
    }
}

TEST(Payments, whose_capture_is_never_answered_are_captured_once) {
    PaymentShop shop;
    shop.fault = strike(Op::capture, Fault::lost_answer);
    shop.paid();
    EXPECT_EQ(shop.told<PaymentCaptured>(), 0U);
    shop.bench.advance(Duration{2'000});
    EXPECT_EQ(shop.told<PaymentCaptured>(), 1U) << "it asks again after a second";
    shop.quieten();
    EXPECT_EQ(shop.effects(Op::capture), 1U);
    EXPECT_EQ(shop.told<PaymentCaptured>(), 1U);
}

TEST(Payments, survive_every_mood_of_the_provider) {
    constexpr std::array moods{
        token::late,
        token::twice,
        token::processing,
        token::unavailable,
        token::timeout_before_charge,
        token::timeout_after_charge
    };
    PaymentShop shop;
    for (std::uint64_t n = 0; n < moods.size(); ++n) shop.pay(order(n + 1), moods.at(n));
    shop.quieten();
    EXPECT_EQ(shop.effects(Op::authorise), moods.size());
    EXPECT_EQ(shop.told<PaymentAuthorised>(), moods.size());
    EXPECT_TRUE(shop.bench.parked().empty());
    EXPECT_TRUE(shop.bench.timer_failures().empty());
}

TEST(Payments, are_resolved_within_30_seconds_of_the_providers_return) {
    PaymentShop shop;
    shop.fault = [](const ProviderCall&) { return Fault::lost_request; };
    for (std::uint64_t n = 1; n <= 20; ++n) shop.pay(order(n));
    shop.bench.advance(Duration{30 * 60'000});
    EXPECT_EQ(shop.told<PaymentAuthorised>() + shop.told<PaymentDeclined>(), 0U);
    shop.fault = {};
    shop.bench.advance(Duration{30'000});
    EXPECT_EQ(shop.told<PaymentAuthorised>(), 20U);
    EXPECT_EQ(shop.effects(Op::authorise), 20U);
}

TEST(Payments, asked_for_twice_at_once_are_answered_once) {
    PaymentShop shop;
    for (int copy = 0; copy < 5; ++copy) shop.pay(order());
    shop.bench.settle();
    for (int copy = 0; copy < 5; ++copy) shop.capture(order());
    shop.bench.settle();
    EXPECT_EQ(shop.told<PaymentAuthorised>(), 1U);
    EXPECT_EQ(shop.told<PaymentCaptured>(), 1U);
    EXPECT_EQ(shop.effects(Op::authorise), 1U);
    EXPECT_EQ(shop.effects(Op::capture), 1U);
}

TEST(Payments, asked_for_again_are_answered_again) {
    PaymentShop shop;
    const orders::OrderId order = shop.paid();
    shop.capture(order, 2);
    shop.pay(order, token::ok, 2);
    shop.bench.settle();
    EXPECT_EQ(shop.bench.events<PaymentCaptured>().back().ref.attempt, orders::Attempt::of(2));
    EXPECT_EQ(shop.bench.events<PaymentAuthorised>().back().ref.attempt, orders::Attempt::of(2));
    EXPECT_EQ(shop.effects(Op::capture), 1U);
}

TEST(Payments, expired_before_their_capture_refuse_it) {
    PaymentShop shop;
    shop.pay(order());
    shop.bench.settle();
    const Payment payment = shop.payment(order());
    const auto key = Text<1, 120>::of("expiry");
    const ProviderCall expiry{
        .operation = Op::void_, .key = key, .payment = payment.id, .id = payment.provider_id
    };
    std::ignore = sandbox_pay::perform(shop.ledger, expiry, shop.bench.now());
    shop.capture(order());
    shop.bench.settle();
    EXPECT_EQ(shop.told<CaptureRefused>(), 1U);
    EXPECT_EQ(shop.kept(), 0);
}

TEST(Payments, take_notice_of_what_happens_behind_their_back) {
    StubProvider provider;
    const std::unique_ptr<observe::Log> log = observe::make_silent_log();
    ServiceBench bench{{[&](Backends on) { return make_service(on, provider, *log); }}};
    const auto status = [&] { return bench.documents<Payment>("payments.payments").at(0).status; };
    bench.deliver(payment_asked(order()), {order().text()});
    ASSERT_EQ(status(), PaymentStatus::authorised);
    provider.told = truth(ProviderStatus::voided);
    provider.listener(payment_of(order()));
    provider.listener(payment_of(order(2)));
    provider.listener(payment_of(order()));
    bench.advance(Duration{1'000});
    EXPECT_EQ(status(), PaymentStatus::closed);
    EXPECT_TRUE(bench.timer_failures().empty());
}

TEST(Payments, keep_a_notice_until_the_provider_can_be_asked_about_it) {
    StubProvider provider;
    const std::unique_ptr<observe::Log> log = observe::make_silent_log();
    ServiceBench bench{{[&](Backends on) { return make_service(on, provider, *log); }}};
    const auto status = [&] { return bench.documents<Payment>("payments.payments").at(0).status; };
    bench.deliver(payment_asked(order()), {order().text()});
    provider.told = truth(ProviderStatus::voided);
    provider.away = true;
    provider.listener(payment_of(order()));
    bench.advance(Duration{1'000});
    EXPECT_EQ(status(), PaymentStatus::authorised);
    provider.away = false;
    bench.advance(Duration{1'000});
    EXPECT_EQ(status(), PaymentStatus::closed);
}

} // namespace backline::payments
