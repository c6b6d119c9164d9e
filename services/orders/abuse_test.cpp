// At stake: goods for less than they cost, somebody else's goods, and a shop that answers 500 to whoever tries.
// Method: what a customer who means ill can send, also at the same moment as something honest.
#include "services/orders/checkout/feature_test.hpp"

#include <gtest/gtest.h>

namespace backline::orders {
namespace {

constexpr std::int64_t dearest = 1'000'000'000'000;

/// A cart of as many of the dearest goods as a cart can hold.
std::string dearest_cart(CheckoutShop& shop) {
    const std::string cart = shop.new_cart(ada);
    for (int i = 0; i < 100; ++i) {
        const std::string sku = fmt::format("GOLD-{}", i);
        shop.price(sku, {.cents = dearest});
        EXPECT_EQ(shop.set_line(cart, sku, 1'000, ada).status, 200);
    }
    shop.bench.call(OrderShop::address(cart, ada));
    return cart;
}

} // namespace

TEST(Abuse, with_more_than_anybody_could_pay_costs_what_it_costs) {
    CheckoutShop shop;
    const Answer placed = shop.bench.call(CheckoutShop::placing(dearest_cart(shop), ada));
    ASSERT_EQ(placed.status, 201) << placed.body;
    const OrderView order = shop.order(placed.read<PlacedOrder>().id);
    EXPECT_EQ(order.totals.subtotal.amount, 100'000 * dearest);
    EXPECT_EQ(order.totals.total.amount, 119'000 * dearest);
    shop.bench.settle();
    shop.hear(order.id, Incoming::stock_held);
    EXPECT_EQ(shop.bench.events<PaymentRequested>().at(0).amount, order.totals.total);
}

TEST(Abuse, that_changes_the_cart_while_it_is_placed_gets_what_was_priced_or_nothing) {
    for (int steps = 0; steps < 30; ++steps) {
        SCOPED_TRACE(steps);
        CheckoutShop shop;
        const std::string cart = shop.full_cart(ada);
        shop.bench.begin(CheckoutShop::placing(cart, ada));
        for (int i = 0; i < steps; ++i) shop.bench.step();
        shop.set_line(cart, "MIC-1", 1'000, ada);
        shop.bench.settle();
        const CartView view = shop.cart(cart, ada);
        if (view.status == CartStatus::open) {
            EXPECT_EQ(shop.orders(), 0U);
            continue;
        }
        const OrderView order = shop.order(*view.order);
        EXPECT_EQ(order.lines.at(0).quantity, view.lines.at(0).quantity);
        EXPECT_EQ(order.totals, view.totals);
        EXPECT_EQ(order.totals.subtotal.amount, 10'000 * order.lines.at(0).quantity.value());
    }
}

TEST(Abuse, with_one_key_for_two_carts_at_once_places_one) {
    CheckoutShop shop;
    const Ask first = CheckoutShop::placing(shop.full_cart(ada), ada);
    const Ask second = CheckoutShop::placing(shop.full_cart(ada), ada);
    const std::vector<Answer> answers = shop.bench.call_at_once({first, second});
    EXPECT_EQ(answers[0].status, 201);
    EXPECT_EQ(answers[1].code(), "idempotency_key_reused");
    EXPECT_EQ(shop.orders(), 1U);
}

TEST(Abuse, with_somebody_elses_key_learns_nothing_of_their_order) {
    CheckoutShop shop;
    const std::string cart = shop.full_cart(guest);
    const Ask theirs = CheckoutShop::placing(cart, guest);
    const Answer placed = shop.bench.call(theirs);
    Ask mine = theirs;
    mine.as = ada;
    EXPECT_EQ(shop.bench.call(mine).code(), "cart_unknown");
    const Answer before = shop.bench.call(CheckoutShop::placing(shop.full_cart(bob), ada, "key-2"));
    EXPECT_EQ(before.code(), "idempotency_key_invalid") << "seven letters are too few";
    EXPECT_EQ(shop.orders(), 1U);
    EXPECT_EQ(shop.order(placed.read<PlacedOrder>().id, guest).status, OrderStatus::placing);
}

TEST(Abuse, of_an_order_that_has_ended_starts_nothing_again) {
    CheckoutShop shop;
    const std::string cart = shop.full_cart(ada);
    const Ask placing = CheckoutShop::placing(cart, ada);
    const OrderId id = shop.bench.call(placing).read<PlacedOrder>().id;
    shop.bench.settle();
    shop.bench.call(CheckoutShop::cancelling(id, ada));
    shop.hear(id, Incoming::stock_released);
    const OrderView ended = shop.order(id);
    ASSERT_EQ(ended.status, OrderStatus::cancelled);
    const std::vector<Ask> again{
        placing,
        CheckoutShop::placing(cart, ada, "another-key"),
        CheckoutShop::placing(cart, ada, "a-third-key", "tok_other"),
        CheckoutShop::cancelling(id, ada),
        OrderShop::line(cart, "MIC-1", 1, ada),
    };
    for (const Ask& ask : again) shop.bench.call(ask);
    shop.bench.settle();
    EXPECT_EQ(shop.order(id).version, ended.version);
    EXPECT_EQ(shop.orders(), 1U);
    EXPECT_EQ(shop.bench.events<StockHoldRequested>().size(), 1U);
    EXPECT_TRUE(shop.bench.events<PaymentRequested>().empty());
}

TEST(Abuse, with_crooked_addresses_and_queries_is_refused) {
    CheckoutShop shop;
    const OrderId id = shop.place();
    std::string shouted = id.text();
    for (char& c : shouted) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const auto asking = [](const std::string& target) {
        return Ask{.method = "GET", .target = target, .as = ada};
    };
    const std::string target = "/v1/orders/" + id.text();
    const Refusing rows[] = {
        {asking("/v1/orders/" + shouted), 404, "route_not_found"},
        {asking("/v1/orders/" + id.text() + "0"), 404, "route_not_found"},
        {asking("/v1/orders/crt" + id.text().substr(3)), 404, "route_not_found"},
        {asking(target + "?wait=31"), 422, "invalid"},
        {asking(target + "?wait=-1"), 422, "invalid"},
        {asking(target + "?after_version=-1"), 422, "invalid"},
        {asking(target + "?after_version=9223372036854775808"), 422, "invalid"},
        {asking(target + "?customer=" + id.text()), 422, "invalid"},
    };
    for (const Refusing& row : rows) {
        const Answer answer = shop.bench.call(row.ask);
        EXPECT_EQ(answer.status, row.status) << row.ask.target << answer.body;
        EXPECT_EQ(answer.code(), row.code) << row.ask.target;
    }
}

} // namespace backline::orders
