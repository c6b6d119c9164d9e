// At stake: an order that came to nothing keeps no money and blocks none on the customer's card.
// Tested by closing payments in every status, at every moment of a call, and together with what they race against.
#include "services/payments/payments/feature_test.hpp"

#include <gtest/gtest.h>

namespace backline::payments {

namespace {

using namespace samples;
namespace token = sandbox_pay::token;
using Op = ProviderOperation;

/// Nothing is taken, nothing is reserved, orders has its answer, and no later request charges.
void expect_nothing_kept(PaymentShop& shop, orders::OrderId order) {
    shop.quieten();
    EXPECT_EQ(shop.payment(order).status, PaymentStatus::closed);
    EXPECT_EQ(shop.kept(), 0);
    const bool reserved = shop.effects(Op::authorise) > 0 && shop.effects(Op::capture) == 0;
    EXPECT_TRUE(!reserved || shop.effects(Op::void_) == 1);
    EXPECT_EQ(shop.told<PaymentClosed>(), 1U);
    EXPECT_TRUE(shop.bench.parked().empty());
    const std::size_t charged = shop.effects(Op::authorise);
    shop.pay(order, token::ok, 9);
    shop.capture(order, 9);
    shop.quieten();
    EXPECT_EQ(shop.effects(Op::authorise), charged);
    EXPECT_EQ(shop.kept(), 0);
}

Money returned(const PaymentShop& shop) {
    const auto told = shop.bench.events<PaymentClosed>();
    return told.empty() ? Money{} : told.front().returned;
}

} // namespace

TEST(Closing, comes_before_the_request) {
    PaymentShop shop;
    shop.close(order());
    shop.bench.settle();
    shop.pay(order());
    expect_nothing_kept(shop, order());
    EXPECT_TRUE(shop.ledger.rows().empty());
}

TEST(Closing, voids_what_is_reserved) {
    PaymentShop shop;
    shop.pay(order());
    shop.bench.settle();
    shop.close(order());
    expect_nothing_kept(shop, order());
    EXPECT_EQ(shop.effects(Op::void_), 1U);
    EXPECT_TRUE(returned(shop).is_zero());
}

TEST(Closing, refunds_what_is_captured) {
    PaymentShop shop;
    const orders::OrderId order = shop.paid();
    shop.close(order);
    expect_nothing_kept(shop, order);
    EXPECT_EQ(returned(shop), price);
    EXPECT_EQ(shop.told<PaymentRefunded>(), 0U) << "that is for refunds on a person's word";
}

TEST(Closing, ends_what_is_declined) {
    PaymentShop shop;
    shop.pay(order(), token::declined);
    shop.bench.settle();
    shop.close(order());
    expect_nothing_kept(shop, order());
}

TEST(Closing, wins_against_every_moment_of_an_authorisation) {
    for (const std::string_view mood :
         {token::ok, token::timeout_after_charge, token::processing, token::late}) {
        for (std::int64_t at = 0; at < 8'000; at += 250) {
            SCOPED_TRACE(std::string(mood) + " " + std::to_string(at));
            PaymentShop shop;
            shop.pay(order(), mood);
            shop.bench.advance(Duration{at});
            shop.close(order());
            expect_nothing_kept(shop, order());
            if (testing::Test::HasFailure()) return;
        }
    }
}

TEST(Closing, wins_against_every_step_of_a_capture) {
    for (const Fault fault : {Fault::none, Fault::lost_answer, Fault::lost_request, Fault::late}) {
        for (int steps = 0; steps < 40; ++steps) {
            SCOPED_TRACE(steps);
            PaymentShop shop;
            shop.pay(order());
            shop.bench.settle();
            shop.fault = [fault](const ProviderCall& call) {
                return call.operation == Op::capture ? fault : Fault::none;
            };
            shop.capture(order());
            for (int n = 0; n < steps; ++n) shop.bench.step();
            shop.close(order());
            expect_nothing_kept(shop, order());
            if (testing::Test::HasFailure()) return;
        }
    }
}

TEST(Closing, repeats_its_answer_to_a_new_attempt) {
    PaymentShop shop;
    const orders::OrderId order = shop.paid();
    shop.close(order);
    shop.quieten();
    shop.close(order);
    shop.close(order, 2);
    shop.quieten();
    ASSERT_EQ(shop.told<PaymentClosed>(), 2U);
    EXPECT_EQ(shop.bench.events<PaymentClosed>().back().returned, price);
    EXPECT_EQ(shop.effects(Op::refund), 1U);
}

} // namespace backline::payments
