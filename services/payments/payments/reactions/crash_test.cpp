// At stake: a crash at any point loses no money and no answer, and repeats no charge.
// Tested by killing the service after every single step of the loop, on the same disk and the same provider.
#include "services/payments/payments/feature_test.hpp"

#include <gtest/gtest.h>

namespace backline::payments {

namespace {

using namespace samples;
namespace token = sandbox_pay::token;
using Op = ProviderOperation;

/// More than any of these stories takes.
constexpr int steps_max = 60;

void crash_after(PaymentShop& shop, int steps) {
    for (int n = 0; n < steps; ++n) shop.bench.step();
    shop.bench.restart();
    shop.quieten();
}

} // namespace

TEST(Crashes, during_an_authorisation_charge_once) {
    for (const std::string_view mood : {token::ok, token::timeout_after_charge}) {
        for (int steps = 0; steps < steps_max; ++steps) {
            SCOPED_TRACE(steps);
            PaymentShop shop;
            shop.pay(order(), mood);
            crash_after(shop, steps);
            EXPECT_EQ(shop.effects(Op::authorise), 1U);
            EXPECT_EQ(shop.told<PaymentAuthorised>(), 1U);
            if (testing::Test::HasFailure()) return;
        }
    }
}

TEST(Crashes, during_a_capture_take_the_money_once) {
    for (int steps = 0; steps < steps_max; ++steps) {
        SCOPED_TRACE(steps);
        PaymentShop shop;
        shop.pay(order());
        shop.bench.settle();
        shop.capture(order());
        crash_after(shop, steps);
        EXPECT_EQ(shop.effects(Op::capture), 1U);
        EXPECT_EQ(shop.told<PaymentCaptured>(), 1U);
        if (testing::Test::HasFailure()) return;
    }
}

TEST(Crashes, during_a_closing_give_the_money_back_once) {
    for (int steps = 0; steps < steps_max; ++steps) {
        SCOPED_TRACE(steps);
        PaymentShop shop;
        const orders::OrderId order = shop.paid();
        shop.close(order);
        crash_after(shop, steps);
        EXPECT_EQ(shop.effects(Op::refund), 1U);
        EXPECT_EQ(shop.told<PaymentClosed>(), 1U);
        EXPECT_EQ(shop.kept(), 0);
        if (testing::Test::HasFailure()) return;
    }
}

TEST(Crashes, during_a_refund_give_it_back_once) {
    for (int steps = 0; steps < steps_max; ++steps) {
        SCOPED_TRACE(steps);
        PaymentShop shop;
        const orders::OrderId order = shop.paid();
        const std::string target = "/v1/payments/" + payment_of(order).text() + "/refunds";
        const std::string body =
            R"({"amount":{"amount":300,"currency":"EUR"},"reason":"A scratch."})";
        const http::Headers headers{{"Idempotency-Key", "one-refund-and-no-more"}};
        shop.bench.begin({"POST", target, body, staff(), headers});
        crash_after(shop, steps);
        const tests::Answer again = shop.bench.call({"POST", target, body, staff(), headers});
        shop.quieten();
        EXPECT_EQ(again.status, 201);
        EXPECT_EQ(shop.effects(Op::refund), 1U);
        EXPECT_EQ(shop.told<PaymentRefunded>(), 1U);
        if (testing::Test::HasFailure()) return;
    }
}

} // namespace backline::payments
