// At stake: two orders out of one cart, or an order of other goods than those that were priced.
// Method: every decision about a cart as a table, on carts that are empty, full, unaddressed and placed.
#include "services/orders/carts/model.hpp"

#include <gtest/gtest.h>

namespace backline::orders {
namespace {

constexpr Instant start{Duration{1'700'000'000'000}};

users::CustomerId customer(std::uint64_t number) {
    return users::CustomerId::of(users::GuestId::from_parts(start, number, number).text());
}

SkuQuantity line(const std::string& sku, int quantity) {
    return {catalog::Sku::of(sku), Quantity::of(quantity)};
}

OrderId order(std::uint64_t number) {
    return OrderId::from_parts(start, number, number);
}

/// An addressed cart with these lines.
Cart cart_of(List<SkuQuantity, 100> lines) {
    Cart cart{.id = CartId::from_parts(start, 1, 1), .customer = customer(1)};
    cart.lines = std::move(lines);
    cart.shipping_address = Address{};
    return cart;
}

/// These lines at one euro each.
Quote quote(const std::vector<SkuQuantity>& lines) {
    std::vector<QuotedLine> quoted;
    for (const SkuQuantity& line : lines) {
        const Money price{100, Currency("EUR")};
        quoted.push_back({line, {}, price, price * line.quantity.value()});
    }
    return quote_of(std::move(quoted), {});
}

Cart placed_cart() {
    const auto change =
        place(cart_of({line("MIC-1", 1)}), quote({line("MIC-1", 1)}), order(1), start);
    return *change.value().next;
}

template <class T> std::string code_of(const Result<T>& result) {
    return result ? "" : std::string(result.error().refusal->code);
}

} // namespace

TEST(Carts, are_changed_by_their_owner_until_they_are_placed) {
    const Cart open = cart_of({});
    const Cart placed = placed_cart();
    EXPECT_EQ(code_of(may_change(&open, customer(1))), "");
    EXPECT_EQ(code_of(may_change(&open, customer(2))), "cart_unknown");
    EXPECT_EQ(code_of(may_change(nullptr, customer(1))), "cart_unknown");
    EXPECT_EQ(code_of(may_change(&placed, customer(1))), "cart_placed");
    EXPECT_EQ(code_of(may_change(&placed, customer(2))), "cart_unknown");
}

TEST(Carts, have_one_line_per_sku_in_the_order_of_arrival) {
    Cart cart = cart_of({});
    for (const SkuQuantity& next : {line("MIX-1", 1), line("MIC-1", 2), line("MIX-1", 3)}) {
        const auto change = set_line(cart, next, start);
        cart = *change.value().next;
    }
    EXPECT_EQ(cart.lines, (List<SkuQuantity, 100>{line("MIX-1", 3), line("MIC-1", 2)}));
    EXPECT_EQ(cart.changed_at, start);
}

TEST(Carts, are_full_with_a_hundred_lines) {
    Cart cart = cart_of({});
    for (int i = 0; i < 100; ++i) cart.lines.push_back(line("SKU-" + std::to_string(i), 1));
    EXPECT_EQ(code_of(set_line(cart, line("SKU-100", 1), start)), "cart_full");
    EXPECT_EQ(code_of(set_line(cart, line("SKU-50", 7), start)), "");
}

TEST(Carts, lose_a_line_once) {
    const Cart cart = cart_of({line("MIX-1", 1), line("MIC-1", 2)});
    const auto removed = remove_line(cart, catalog::Sku::of("MIX-1"), start);
    EXPECT_EQ(removed->next->lines, (List<SkuQuantity, 100>{line("MIC-1", 2)}));
    const auto again = remove_line(*removed->next, catalog::Sku::of("MIX-1"), start);
    EXPECT_FALSE(again->next);
}

TEST(Carts, become_an_order_if_they_are_what_was_priced) {
    const List<SkuQuantity, 100> lines{line("MIC-1", 1), line("MIX-1", 2)};
    Cart nowhere = cart_of(lines);
    nowhere.shipping_address.reset();

    struct Row {
        Cart cart;
        std::vector<SkuQuantity> priced;
        std::string refused;
    };

    const Row rows[] = {
        {cart_of(lines), lines, ""},
        {cart_of({}), {}, "cart_empty"},
        {nowhere, lines, "address_missing"},
        {cart_of(lines), {line("MIC-1", 1)}, "cart_changed"},
        {cart_of(lines), {line("MIC-1", 2), line("MIX-1", 2)}, "cart_changed"},
        {cart_of(lines), {line("MIX-1", 2), line("MIC-1", 1)}, "cart_changed"},
    };
    for (const Row& row : rows) {
        const auto change = place(row.cart, quote(row.priced), order(1), start);
        EXPECT_EQ(code_of(change), row.refused);
        if (!change) continue;
        EXPECT_EQ(change->next->status, CartStatus::placed);
        EXPECT_EQ(change->next->order, order(1));
        EXPECT_EQ(change->next->placed_for->totals, quote(row.priced).totals);
    }
}

TEST(Carts, become_one_order_however_often_they_are_placed) {
    const auto again = place(placed_cart(), {}, order(2), start);
    ASSERT_TRUE(again.has_value());
    EXPECT_FALSE(again->next);
}

} // namespace backline::orders
