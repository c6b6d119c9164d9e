// At stake: a cart that shows a wrong price, loses an edit, or is opened to somebody else.
// Method: the routes as customers, guests and strangers, and the catalog's events in any order.
#include "services/orders/carts/feature_test.hpp"

#include <gtest/gtest.h>

namespace backline::orders {
namespace {

std::string lines_of(const CartView& cart) {
    std::string text;
    for (const CartLineView& line : cart.lines) {
        text += fmt::format("{}x{} ", line.quantity.value(), line.sku.text());
    }
    return text;
}

} // namespace

TEST(CartsFeature, are_begun_empty_by_customers_and_guests) {
    OrderShop shop;
    for (const std::string& who : {ada, guest}) {
        const Answer made = shop.bench.call({.method = "POST", .target = "/v1/carts", .as = who});
        EXPECT_EQ(made.status, 201);
        EXPECT_EQ(made.etag(), "\"1\"");
        const CartView cart = shop.cart(std::string(made.headers.find("location")), who);
        EXPECT_EQ(cart.status, CartStatus::open);
        EXPECT_TRUE(cart.lines.empty());
        EXPECT_EQ(cart.totals.total, (Money{0, Currency("EUR")})) << "no shipping for nothing";
    }
}

TEST(CartsFeature, show_todays_prices_with_shipping_and_tax) {
    OrderShop shop;
    const std::string target = shop.full_cart(ada);
    const CartView before = shop.cart(target, ada);
    ASSERT_EQ(before.lines.size(), 1U);
    EXPECT_EQ(before.lines[0].name->text(), "Name of MIC-1");
    EXPECT_EQ(before.lines[0].unit_price->amount, 10'000);
    EXPECT_EQ(before.totals.subtotal.amount, 20'000);
    EXPECT_EQ(before.totals.shipping.amount, 990);
    EXPECT_EQ(before.totals.tax.amount, 3'988);
    EXPECT_EQ(before.totals.total.amount, 24'978);
    shop.price("MIC-1", {.cents = 25'000, .sequence = 2});
    const CartView after = shop.cart(target, ada);
    EXPECT_EQ(after.totals.subtotal.amount, 50'000);
    EXPECT_EQ(after.totals.shipping.amount, 0) << "large orders ship free";
    EXPECT_EQ(after.version, before.version);
}

TEST(CartsFeature, believe_the_newest_word_of_the_catalog) {
    OrderShop shop;
    const std::string target = shop.full_cart(ada);
    const auto price = [&] { return shop.cart(target, ada).lines[0].unit_price->amount; };
    shop.price("MIC-1", {.cents = 30'000, .sequence = 3});
    shop.price("MIC-1", {.cents = 20'000, .sequence = 2});
    EXPECT_EQ(price(), 30'000) << "an older event came late";
    shop.price("MIC-1", {.cents = 31'000, .sequence = 3});
    EXPECT_EQ(price(), 30'000) << "the same event came twice";
    shop.price("MIC-1", {.cents = 5'000, .sequence = 1, .epoch = 2});
    EXPECT_EQ(price(), 5'000) << "a restore began a new epoch";
}

TEST(CartsFeature, hold_what_is_not_for_sale_without_a_price) {
    OrderShop shop;
    const std::string target = shop.new_cart(ada);
    for (const std::string sku : {"OLD-1", "NO-SUCH-SKU", "MIC-1"}) {
        EXPECT_EQ(shop.set_line(target, sku, 1, ada).status, 200);
    }
    const CartView cart = shop.cart(target, ada);
    EXPECT_EQ(lines_of(cart), "1xOLD-1 1xNO-SUCH-SKU 1xMIC-1 ");
    EXPECT_FALSE(cart.lines[0].unit_price);
    EXPECT_FALSE(cart.lines[1].total);
    EXPECT_EQ(cart.totals.subtotal.amount, 10'000);
}

TEST(CartsFeature, sell_nothing_that_is_priced_in_another_currency) {
    OrderShop shop;
    const std::string target = shop.full_cart(ada);
    shop.set_line(target, "MIX-1", 1, ada);
    shop.price("MIX-1", {.sequence = 2, .currency = Currency("USD")});
    const CartView cart = shop.cart(target, ada);
    EXPECT_FALSE(cart.lines.at(1).unit_price);
    EXPECT_EQ(cart.totals.subtotal, (Money{20'000, Currency("EUR")}));
}

TEST(CartsFeature, set_a_quantity_whatever_it_was_and_remove_a_line_once) {
    OrderShop shop;
    const std::string target = shop.new_cart(ada);
    shop.set_line(target, "MIC-1", 2, ada);
    shop.set_line(target, "MIX-1", 1, ada);
    shop.set_line(target, "MIC-1", 1'000, ada);
    EXPECT_EQ(lines_of(shop.cart(target, ada)), "1000xMIC-1 1xMIX-1 ");
    const Ask removal{.method = "DELETE", .target = target + "/lines/MIC-1", .as = ada};
    const Answer removed = shop.bench.call(removal);
    EXPECT_EQ(lines_of(removed.read<CartView>()), "1xMIX-1 ");
    EXPECT_EQ(shop.bench.call(removal).etag(), removed.etag()) << "nothing to remove any more";
}

TEST(CartsFeature, have_at_most_a_hundred_lines) {
    OrderShop shop;
    const std::string target = shop.new_cart(ada);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(shop.set_line(target, fmt::format("SKU-{}", i), 1, ada).status, 200);
    }
    EXPECT_EQ(shop.set_line(target, "SKU-100", 1, ada).code(), "cart_full");
    EXPECT_EQ(shop.set_line(target, "SKU-99", 2, ada).status, 200) << "it has a line already";
}

TEST(CartsFeature, of_somebody_else_do_not_exist) {
    OrderShop shop;
    const std::string target = shop.full_cart(guest);
    const CartView before = shop.cart(target, guest);
    const std::string other_guest = as("gst_01jd8xw9b2f0aqv1e4m7k3t5n0");
    const std::string staff = as("usr_01jd8xw9b2f0aqv1e4m7k3t5n1", {"orders:read"});
    for (const std::string& who : {ada, other_guest, staff}) {
        const std::vector<Ask> asks{
            {.method = "GET", .target = target, .as = who},
            OrderShop::line(target, "MIX-1", 1, who),
            OrderShop::address(target, who),
            {.method = "DELETE", .target = target + "/lines/MIC-1", .as = who},
        };
        for (const Ask& ask : asks) {
            const Answer answer = shop.bench.call(ask);
            EXPECT_EQ(answer.status, 404) << ask.method;
            EXPECT_EQ(answer.code(), "cart_unknown");
        }
    }
    EXPECT_EQ(shop.cart(target, guest).version, before.version);
}

TEST(CartsFeature, refuse_what_cannot_be) {
    OrderShop shop;
    const std::string cart = shop.new_cart(ada);
    const std::string nobody = "/v1/carts/crt_01jd8xw9b2f0aqv1e4m7k3t5nz";
    const std::string where = cart + "/shipping_address";
    const Refusing rows[] = {
        {{.method = "POST", .target = "/v1/carts"}, 401, "token_missing"},
        {{.method = "GET", .target = cart}, 401, "token_missing"},
        {{.method = "GET", .target = nobody, .as = ada}, 404, "cart_unknown"},
        {{.method = "GET", .target = "/v1/carts/crt_1", .as = ada}, 404, "route_not_found"},
        {OrderShop::line(cart, "MIC-1", 0, ada), 422, "invalid"},
        {OrderShop::line(cart, "MIC-1", -1, ada), 422, "invalid"},
        {OrderShop::line(cart, "MIC-1", 1'001, ada), 422, "invalid"},
        {OrderShop::line(cart, "mic-1", 1, ada), 404, "route_not_found"},
        {{"PUT", cart + "/lines/MIC-1", R"({"quantity":1.5})", ada}, 422, "invalid"},
        {{"PUT", cart + "/lines/MIC-1", R"({"quantity":"2"})", ada}, 422, "invalid"},
        {{"PUT", cart + "/lines/MIC-1", R"({"quantity":99999999999999999999})", ada}, 422, "invalid"
        },
        {{"PUT", cart + "/lines/MIC-1", R"({"quantity":1,"unit_price":1})", ada}, 422, "invalid"},
        {{"PUT", where, R"({"name":"Ada"})", ada}, 422, "invalid"},
    };
    for (const Refusing& row : rows) {
        const Answer answer = shop.bench.call(row.ask);
        EXPECT_EQ(answer.status, row.status) << row.ask.target << row.ask.body << answer.body;
        EXPECT_EQ(answer.code(), row.code) << row.ask.target << row.ask.body;
    }
    EXPECT_EQ(shop.cart(cart, ada).version, 1);
}

TEST(CartsFeature, lose_no_edit_to_another_tab) {
    OrderShop shop;
    const std::string target = shop.new_cart(ada);
    Ask first = OrderShop::line(target, "MIC-1", 1, ada);
    first.headers = {{"If-Match", "\"1\""}};
    Ask second = OrderShop::line(target, "MIC-1", 2, ada);
    second.headers = first.headers;
    const std::vector<Answer> answers = shop.bench.call_at_once({first, second});
    EXPECT_EQ(answers[0].status, 200);
    EXPECT_EQ(answers[1].status, 412);
    EXPECT_EQ(shop.bench.call(second).code(), "version_stale");
    EXPECT_EQ(lines_of(shop.cart(target, ada)), "1xMIC-1 ");
}

TEST(CartsFeature, that_became_an_order_change_no_more) {
    OrderShop shop;
    const std::string target = shop.full_cart(ada);
    const std::string id = target.substr(target.rfind('/') + 1);
    const Answer placed = shop.bench.call(
        {"POST",
         "/v1/orders",
         fmt::format(R"({{"cart":"{}","payment_token":"tok_ok"}})", id),
         ada,
         {{"Idempotency-Key", "key-placed-1"}}}
    );
    ASSERT_EQ(placed.status, 201) << placed.body;
    const CartView before = shop.cart(target, ada);
    EXPECT_EQ(before.status, CartStatus::placed);
    EXPECT_EQ("/v1/orders/" + before.order->text(), placed.headers.find("location"));
    const std::vector<Ask> asks{
        OrderShop::line(target, "MIC-1", 1, ada),
        OrderShop::address(target, ada),
        {.method = "DELETE", .target = target + "/lines/MIC-1", .as = ada},
    };
    for (const Ask& ask : asks) {
        const Answer answer = shop.bench.call(ask);
        EXPECT_EQ(answer.status, 409) << ask.method;
        EXPECT_EQ(answer.code(), "cart_placed");
    }
    EXPECT_EQ(shop.cart(target, ada).version, before.version);
}

} // namespace backline::orders
