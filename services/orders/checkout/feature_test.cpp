// At stake: a cart that becomes two orders or none, and an order that is lost, sold twice or never ended.
// Method: placement raced, repeated and cut off by crashes; the answers of others late, twice and out of order.
#include "services/orders/checkout/feature_test.hpp"

#include <gtest/gtest.h>

namespace backline::orders {
namespace {

using enum OrderStatus;

std::string statuses(const OrderView& order) {
    std::string text;
    for (const StatusEntry& entry : order.history) {
        text += std::string(name_of(entry.status)) + " ";
    }
    return text;
}

} // namespace

TEST(Placement, makes_an_order_of_a_cart_and_asks_for_its_stock) {
    CheckoutShop shop;
    const std::string cart = shop.full_cart(ada);
    const Answer placed = shop.bench.call(CheckoutShop::placing(cart, ada));
    ASSERT_EQ(placed.status, 201) << placed.body;
    const auto told = placed.read<PlacedOrder>();
    EXPECT_EQ(told.status, placing);
    EXPECT_EQ(told.total, price_of_cart);
    EXPECT_EQ(placed.headers.find("location"), "/v1/orders/" + told.id.text());
    const OrderView order = shop.order(told.id);
    EXPECT_EQ(order.number, told.number);
    EXPECT_EQ(order.lines.at(0).total.amount, 20'000);
    EXPECT_EQ(order.shipping_address.city.text(), "Hamburg");
    EXPECT_EQ(order.paid, (Money{0, Currency("EUR")}));
    shop.bench.settle();
    const auto asked = shop.bench.events<StockHoldRequested>();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].ref, (SagaRef{told.id, Step::hold_stock, Attempt::of(1)}));
    EXPECT_EQ(asked[0].lines.at(0).quantity.value(), 2);
}

TEST(Placement, repeated_with_its_key_gets_the_same_bytes_whatever_has_happened_since) {
    CheckoutShop shop;
    const Ask asked = CheckoutShop::placing(shop.full_cart(ada), ada);
    const Answer first = shop.bench.call(asked);
    const OrderId id = first.read<PlacedOrder>().id;
    const auto repeats = [&](const std::string& when) {
        shop.bench.advance(Duration{1'000});
        const Answer again = shop.bench.call(asked);
        EXPECT_EQ(again.status, 201) << when;
        EXPECT_EQ(again.body, first.body) << when;
        EXPECT_EQ(again.headers.find("location"), first.headers.find("location")) << when;
    };
    repeats("at once");
    shop.price("MIC-1", {.sellable = false, .sequence = 2});
    repeats("after it went off sale");
    shop.bench.restart();
    repeats("after a crash");
    shop.hear(id, Incoming::stock_refused);
    ASSERT_EQ(shop.order(id).status, rejected);
    repeats("after its end");
    EXPECT_EQ(shop.orders(), 1U);
    EXPECT_EQ(shop.bench.events<StockHoldRequested>().size(), 1U);
}

TEST(Placement, keys_belong_to_one_request_of_one_customer) {
    CheckoutShop shop;
    const std::string cart = shop.full_cart(ada);
    const Answer first = shop.bench.call(CheckoutShop::placing(cart, ada));
    const Refusing rows[] = {
        {CheckoutShop::placing(cart, ada, "key-order-1", "tok_other"), 422, "idempotency_key_reused"
        },
        {CheckoutShop::placing(shop.full_cart(ada), ada), 422, "idempotency_key_reused"},
    };
    for (const Refusing& row : rows) {
        const Answer answer = shop.bench.call(row.ask);
        EXPECT_EQ(answer.status, row.status);
        EXPECT_EQ(answer.code(), row.code);
    }
    const Answer others = shop.bench.call(CheckoutShop::placing(shop.full_cart(bob), bob));
    EXPECT_EQ(others.status, 201);
    EXPECT_NE(others.read<PlacedOrder>().id, first.read<PlacedOrder>().id);
    EXPECT_EQ(shop.orders(), 2U);
}

TEST(Placement, from_two_tabs_makes_one_order) {
    CheckoutShop shop;
    const std::string cart = shop.full_cart(ada);
    const std::vector<Answer> answers = shop.bench.call_at_once(
        {CheckoutShop::placing(cart, ada, "key-first-tab"),
         CheckoutShop::placing(cart, ada, "key-second-tab"),
         CheckoutShop::placing(cart, ada, "key-first-tab")}
    );
    for (const Answer& answer : answers) {
        EXPECT_EQ(answer.status, 201);
        EXPECT_EQ(answer.body, answers[0].body);
    }
    shop.bench.settle();
    EXPECT_EQ(shop.orders(), 1U);
    EXPECT_EQ(shop.bench.events<StockHoldRequested>().size(), 1U);
}

TEST(Placement, refuses_what_cannot_be_and_the_mended_cart_goes_with_the_same_key) {
    CheckoutShop shop;
    const std::string empty = shop.new_cart(ada);
    shop.bench.call(OrderShop::address(empty, ada));
    const std::string nowhere = shop.new_cart(ada);
    shop.set_line(nowhere, "MIC-1", 1, ada);
    const std::string gone = shop.full_cart(ada);
    shop.set_line(gone, "OLD-1", 1, ada);
    const std::string unheard = shop.full_cart(ada);
    shop.set_line(unheard, "NO-SUCH-SKU", 1, ada);
    Ask keyless = CheckoutShop::placing(nowhere, ada);
    keyless.headers = {};
    Ask generous = CheckoutShop::placing(nowhere, ada);
    generous.body.insert(1, R"("total":{"amount":1,"currency":"EUR"},)");
    const Refusing rows[] = {
        {CheckoutShop::placing(nowhere, {}), 401, "token_missing"},
        {CheckoutShop::placing(nowhere, bob), 404, "cart_unknown"},
        {CheckoutShop::placing("/crt_01jd8xw9b2f0aqv1e4m7k3t5nz", ada), 404, "cart_unknown"},
        {CheckoutShop::placing(nowhere, ada, "key-short-token", "t"), 422, "invalid"},
        {keyless, 400, "idempotency_key_missing"},
        {generous, 422, "invalid"},
        {CheckoutShop::placing(empty, ada, "key-empty"), 409, "cart_empty"},
        {CheckoutShop::placing(gone, ada, "key-gone-1"), 409, "sku_not_sellable"},
        {CheckoutShop::placing(unheard, ada, "key-unheard"), 409, "sku_not_sellable"},
        {CheckoutShop::placing(nowhere, ada, "key-nowhere"), 409, "address_missing"},
    };
    for (const Refusing& row : rows) {
        const Answer answer = shop.bench.call(row.ask);
        EXPECT_EQ(answer.status, row.status) << answer.body;
        EXPECT_EQ(answer.code(), row.code);
    }
    EXPECT_EQ(shop.orders(), 0U);
    shop.bench.call(OrderShop::address(nowhere, ada));
    const Answer mended = shop.bench.call(CheckoutShop::placing(nowhere, ada, "key-nowhere"));
    EXPECT_EQ(mended.status, 201);
}

TEST(Placement, refuses_an_order_that_costs_nothing) {
    Config config;
    config.free_shipping_from = {};
    CheckoutShop shop(config);
    shop.price("MIC-1", {.cents = 0, .sequence = 2});
    const std::string cart = shop.full_cart(ada);
    const Answer refused = shop.bench.call(CheckoutShop::placing(cart, ada));
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "nothing_to_pay");
    shop.set_line(cart, "MIX-1", 1, ada);
    EXPECT_EQ(shop.bench.call(CheckoutShop::placing(cart, ada)).status, 201);
}

TEST(Placement, takes_the_price_of_that_moment_and_keeps_it) {
    CheckoutShop shop;
    const std::string cart = shop.full_cart(ada);
    shop.price("MIC-1", {.cents = 30'000, .sequence = 2});
    const Answer placed = shop.bench.call(CheckoutShop::placing(cart, ada));
    shop.price("MIC-1", {.cents = 40'000, .sequence = 3});
    const OrderView order = shop.order(placed.read<PlacedOrder>().id);
    EXPECT_EQ(order.lines.at(0).unit_price.amount, 30'000);
    EXPECT_EQ(order.totals.total, placed.read<PlacedOrder>().total);
}

TEST(Placement, survives_a_crash_at_every_await) {
    for (int steps = 0; steps < 40; ++steps) {
        CheckoutShop shop;
        const Ask asked = CheckoutShop::placing(shop.full_cart(ada), ada);
        shop.bench.begin(asked);
        for (int i = 0; i < steps; ++i) shop.bench.step();
        shop.bench.restart();
        const Answer placed = shop.bench.call(asked);
        ASSERT_EQ(placed.status, 201) << "crash after step " << steps << placed.body;
        shop.bench.settle();
        EXPECT_EQ(shop.orders(), 1U) << "crash after step " << steps;
        EXPECT_EQ(shop.bench.events<StockHoldRequested>().size(), 1U);
        EXPECT_EQ(shop.order(placed.read<PlacedOrder>().id).totals.total, price_of_cart);
    }
}

TEST(Placement, that_was_cut_off_sells_at_the_price_that_the_cart_was_placed_for) {
    for (int steps = 0; steps < 40; ++steps) {
        CheckoutShop shop;
        const std::string cart = shop.full_cart(ada);
        const Ask asked = CheckoutShop::placing(cart, ada);
        shop.bench.begin(asked);
        for (int i = 0; i < steps; ++i) shop.bench.step();
        shop.bench.restart();
        shop.price("MIC-1", {.cents = 1, .sellable = false, .sequence = 2});
        const bool was_placed = shop.cart(cart, ada).status == CartStatus::placed;
        const Answer placed = shop.bench.call(asked);
        EXPECT_EQ(placed.code(), was_placed ? "" : "sku_not_sellable") << "after step " << steps;
        if (!was_placed) continue;
        EXPECT_EQ(shop.cart(cart, ada).totals.total, price_of_cart) << "after step " << steps;
        const OrderView order = shop.order(placed.read<PlacedOrder>().id);
        EXPECT_EQ(order.totals.total, price_of_cart) << "after step " << steps;
        EXPECT_EQ(order.lines.size(), 1U) << "after step " << steps;
    }
}

TEST(Placement, waits_while_the_shop_has_too_much_to_catch_up_on) {
    Config config;
    config.backlog_max = Bounded<int, 1, 10'000'000>::of(10);
    CheckoutShop shop(config);
    const OrderId under_way = shop.place();
    const std::string cart = shop.full_cart(ada);
    for (int i = 0; i < 11; ++i) shop.say(under_way, Incoming::payment_authorised);
    const Answer refused = shop.bench.call(CheckoutShop::placing(cart, ada));
    EXPECT_EQ(refused.status, 503) << refused.body;
    EXPECT_EQ(refused.code(), "unavailable");
    EXPECT_EQ(refused.headers.find("retry-after"), "1");
    EXPECT_EQ(shop.cart(cart, ada).status, CartStatus::open);
    shop.hear(under_way, Incoming::stock_held);
    EXPECT_EQ(shop.order(under_way).status, committing) << "what is under way goes on";
    EXPECT_EQ(shop.bench.call(CheckoutShop::placing(cart, ada)).status, 201);
}

TEST(Checkout, goes_from_status_to_status_by_the_answers_however_often_they_come) {
    CheckoutShop shop;
    const OrderId id = shop.place();
    using enum Incoming;
    for (const Incoming what :
         {stock_held, payment_authorised, stock_committed, payment_captured}) {
        for (int copy = 0; copy < 3; ++copy) shop.say(id, what);
        shop.bench.settle();
    }
    const OrderView order = shop.order(id);
    EXPECT_EQ(statuses(order), "placing authorising committing capturing confirmed ");
    EXPECT_EQ(order.paid, price_of_cart);
    EXPECT_EQ(shop.bench.events<PaymentRequested>().size(), 1U);
    EXPECT_EQ(shop.bench.events<PaymentRequested>()[0].amount, price_of_cart);
    EXPECT_EQ(shop.bench.events<PaymentRequested>()[0].token.text(), "tok_ok");
    EXPECT_EQ(shop.bench.events<StockCommitRequested>().size(), 1U);
    EXPECT_EQ(shop.bench.events<CaptureRequested>().size(), 1U);
    const auto confirmed_news = shop.bench.events<OrderConfirmed>();
    ASSERT_EQ(confirmed_news.size(), 1U);
    EXPECT_EQ(confirmed_news[0].total, price_of_cart);
    EXPECT_TRUE(shop.bench.parked().empty());
}

TEST(Checkout, heals_answers_that_overtake_one_another) {
    CheckoutShop shop;
    const OrderId id = shop.place();
    shop.say(id, Incoming::stock_committed);
    shop.say(id, Incoming::payment_authorised);
    shop.say(id, Incoming::stock_held);
    shop.bench.settle();
    EXPECT_EQ(shop.order(id).status, capturing);
    EXPECT_TRUE(shop.bench.parked().empty());
}

TEST(Checkout, parks_an_answer_that_cannot_be_and_the_order_stays) {
    CheckoutShop shop;
    const OrderId id = shop.place();
    shop.hear(id, Incoming::payment_captured);
    EXPECT_EQ(shop.order(id).status, placing);
    ASSERT_EQ(shop.bench.parked().size(), 1U);
    EXPECT_EQ(shop.bench.parked()[0].event.type, payments::PaymentCaptured::event.type);
}

TEST(Checkout, that_has_ended_is_not_moved_by_what_comes_late) {
    CheckoutShop shop;
    for (const OrderStatus end : {cancelled, rejected}) {
        const OrderId id = shop.order_in(end);
        const OrderView before = shop.order(id);
        ASSERT_EQ(before.status, end);
        for (std::size_t what = 0; what < incoming_count; ++what) {
            const auto incoming = static_cast<Incoming>(what);
            if (saga_row(end, incoming).act == Act::stay && incoming != Incoming::cancel_asked) {
                shop.hear(id, incoming);
            }
        }
        EXPECT_EQ(shop.order(id).version, before.version);
    }
    EXPECT_TRUE(shop.bench.parked().empty());
    EXPECT_EQ(shop.bench.events<OrderCancelled>().size(), 1U);
    EXPECT_EQ(shop.bench.events<OrderRejected>().size(), 1U);
}

TEST(Checkout, is_rejected_with_the_reason_of_a_decline) {
    CheckoutShop shop;
    const OrderId id = shop.order_in(authorising);
    shop.hear(id, Incoming::payment_declined);
    EXPECT_EQ(shop.order(id).status, releasing);
    shop.hear(id, Incoming::stock_released);
    const OrderView order = shop.order(id);
    EXPECT_EQ(statuses(order), "placing authorising releasing rejected ");
    EXPECT_EQ(order.reason, EndReason::payment_declined);
    EXPECT_EQ(order.decline_reason, payments::DeclineReason::insufficient_funds);
    EXPECT_TRUE(order.paid.is_zero());
    ASSERT_EQ(shop.bench.events<OrderRejected>().size(), 1U);
    EXPECT_EQ(shop.bench.events<OrderRejected>()[0].reason, EndReason::payment_declined);
}

TEST(Checkout, is_rejected_with_what_was_short) {
    CheckoutShop shop;
    const OrderView order = shop.order(shop.order_in(rejected));
    EXPECT_EQ(order.reason, EndReason::out_of_stock);
    ASSERT_EQ(order.missing.size(), 1U);
    EXPECT_EQ(order.missing[0].wanted.value(), 2);
    EXPECT_EQ(order.missing[0].available.value(), 1);
    EXPECT_TRUE(shop.bench.events<PaymentRequested>().empty());
}

TEST(Checkout, whose_capture_is_refused_takes_everything_back) {
    CheckoutShop shop;
    const OrderId id = shop.order_in(capturing);
    using enum Incoming;
    for (const Incoming what : {capture_refused, payment_closed, stock_released}) {
        shop.hear(id, what);
    }
    EXPECT_EQ(shop.order(id).status, rejected);
    EXPECT_EQ(shop.order(id).reason, EndReason::capture_refused);
}

TEST(Checkout, asks_again_and_then_takes_back_what_was_never_answered) {
    CheckoutShop shop;
    const OrderId id = shop.place();
    shop.bench.advance(Duration{7'000});
    const auto asked = shop.bench.events<StockHoldRequested>();
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[1].ref.attempt.value(), 2);
    shop.bench.advance(Duration{30'000});
    EXPECT_EQ(shop.order(id).status, releasing);
    shop.hear(id, Incoming::stock_held);
    shop.hear(id, Incoming::stock_released);
    EXPECT_EQ(shop.order(id).status, rejected);
    EXPECT_EQ(shop.order(id).reason, EndReason::stock_unresolved);
    EXPECT_TRUE(shop.bench.timer_failures().empty());
}

} // namespace backline::orders
