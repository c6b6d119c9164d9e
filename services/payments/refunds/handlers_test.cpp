// At stake: staff give money back once, never too much, and can see what became of it.
// Tested through the routes, against a provider that keeps books of its own.
#include "services/payments/payments/feature_test.hpp"
#include "services/payments/refunds/api.hpp"

#include <gtest/gtest.h>

namespace backline::payments {

namespace {

using namespace samples;
using Op = ProviderOperation;

std::string body(std::int64_t cents, std::string_view currency = "EUR") {
    return R"({"amount":{"amount":)" + std::to_string(cents) + R"(,"currency":")" +
           std::string(currency) + R"("},"reason":"A scratch on the case."})";
}

tests::Ask ask(orders::OrderId order, std::string key, std::string body) {
    const std::string target = "/v1/payments/" + payment_of(order).text() + "/refunds";
    return {"POST", target, std::move(body), staff(), {{"Idempotency-Key", std::move(key)}}};
}

RefundState state(PaymentShop& shop, const tests::Answer& created) {
    const std::string location(created.headers.find("location"));
    return shop.bench.call({"GET", location, "", staff()}).read<RefundState>();
}

} // namespace

TEST(RefundRoutes, give_back_a_part_and_tell) {
    PaymentShop shop;
    const orders::OrderId order = shop.paid();
    const tests::Answer created =
        shop.bench.call(ask(order, "one-refund-and-no-more", body(2'500)));
    ASSERT_EQ(created.status, 201) << created.body;
    EXPECT_EQ(state(shop, created).status, RefundStatus::requested);
    shop.quieten();
    EXPECT_EQ(state(shop, created).status, RefundStatus::done);
    EXPECT_EQ(shop.kept(), 7'500);
    ASSERT_EQ(shop.told<PaymentRefunded>(), 1U);
    const PaymentRefunded told = shop.bench.events<PaymentRefunded>().front();
    EXPECT_EQ(told.order, order);
    EXPECT_EQ(told.refunded_in_total, euros(2'500));
}

TEST(RefundRoutes, repeat_the_same_bytes_for_the_same_key) {
    PaymentShop shop;
    const orders::OrderId order = shop.paid();
    const tests::Answer first = shop.bench.call(ask(order, "one-refund-and-no-more", body(2'500)));
    const tests::Answer again = shop.bench.call(ask(order, "one-refund-and-no-more", body(2'500)));
    shop.quieten();
    shop.bench.restart();
    const tests::Answer later = shop.bench.call(ask(order, "one-refund-and-no-more", body(2'500)));
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(later.body, first.body);
    EXPECT_EQ(later.status, 201);
    shop.quieten();
    EXPECT_EQ(shop.effects(Op::refund), 1U);
    const tests::Answer other = shop.bench.call(ask(order, "one-refund-and-no-more", body(2'600)));
    EXPECT_EQ(other.code(), "idempotency_key_reused");
}

TEST(RefundRoutes, at_once_never_give_back_more_than_was_taken) {
    PaymentShop shop;
    const orders::OrderId order = shop.paid();
    std::vector<tests::Ask> asks;
    for (int n = 0; n < 10; ++n) {
        asks.push_back(ask(order, "one-refund-of-many-" + std::to_string(n), body(4'000)));
    }
    int accepted = 0;
    for (const tests::Answer& answer : shop.bench.call_at_once(std::move(asks))) {
        if (answer.status == 201) ++accepted;
        if (answer.status != 201) EXPECT_EQ(answer.code(), "refund_exceeds_captured");
    }
    shop.quieten();
    EXPECT_EQ(accepted, 2);
    EXPECT_EQ(shop.kept(), 2'000);
    EXPECT_EQ(shop.told<PaymentRefunded>(), 2U);
}

TEST(RefundRoutes, whose_answer_is_lost_give_back_once) {
    PaymentShop shop;
    const orders::OrderId order = shop.paid();
    shop.fault = [](const ProviderCall& call) {
        return call.operation == Op::refund ? Fault::lost_answer : Fault::none;
    };
    const tests::Answer created =
        shop.bench.call(ask(order, "one-refund-and-no-more", body(10'000)));
    shop.quieten();
    EXPECT_EQ(state(shop, created).status, RefundStatus::done);
    EXPECT_EQ(shop.effects(Op::refund), 1U);
    EXPECT_EQ(shop.kept(), 0);
}

TEST(RefundRoutes, refuse_with_the_right_code) {
    PaymentShop shop;
    const orders::OrderId order = shop.paid();
    const auto code = [&](orders::OrderId of, std::string content) {
        static int n = 0;
        return shop.bench
            .call(ask(of, "one-refund-of-many-" + std::to_string(++n), std::move(content)))
            .code();
    };
    EXPECT_EQ(code(order, body(10'001)), "refund_exceeds_captured");
    EXPECT_EQ(code(order, body(0)), "refund_of_nothing");
    EXPECT_EQ(code(order, body(-1)), "refund_of_nothing");
    EXPECT_EQ(code(order, body(1, "USD")), "refund_currency_differs");
    EXPECT_EQ(code(samples::order(2), body(1)), "payment_unknown");
    shop.pay(samples::order(3));
    shop.bench.settle();
    EXPECT_EQ(code(samples::order(3), body(1)), "payment_not_captured");
}

TEST(RefundRoutes, are_for_those_who_may) {
    PaymentShop shop;
    tests::Ask request = ask(shop.paid(), "one-refund-and-no-more", body(1));
    request.as = tests::as("usr_reader", {"payments:read"});
    EXPECT_EQ(shop.bench.call(request).status, 403);
    request.as.clear();
    EXPECT_EQ(shop.bench.call(request).status, 401);
}

TEST(RefundRoutes, do_not_know_the_refunds_of_another_payment) {
    PaymentShop shop;
    const tests::Answer created =
        shop.bench.call(ask(shop.paid(1), "one-refund-and-no-more", body(1)));
    const orders::OrderId other = shop.paid(2);
    const std::string id = created.read<RefundView>().id.text();
    const std::string target = "/v1/payments/" + payment_of(other).text() + "/refunds/" + id;
    EXPECT_EQ(shop.bench.call({"GET", target, "", staff()}).code(), "refund_unknown");
}

} // namespace backline::payments
