// At stake: an order that is lost between two answers, or that moves money or stock which nobody asked it to move.
// Tested by walking the whole table, row by row, on orders brought into every status, and by the paths that matter.

#include "platform/base/invariant.hpp"
#include "services/orders/checkout/model.hpp"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace backline::orders {

namespace {

using enum OrderStatus;

constexpr Instant start{Duration{1'700'000'000'000}};

Order placed_order() {
    const OrderId id = OrderId::from_parts(start, 1, 2);
    Cart cart{.id = CartId::from_parts(start, 3, 4)};
    cart.customer = users::CustomerId::of(users::GuestId::from_parts(start, 5, 6).text());
    cart.shipping_address = Address{};
    const Money price{10'000, Currency("EUR")};
    QuotedLine line{{catalog::Sku::of("MIC-V58"), Quantity::of(2)}, {}, price, price * 2};
    cart.placed_for = quote_of({line}, {});
    return *new_order(id, cart, PaymentToken::of("tok_ok"), start).next;
}

News news_of(Incoming what) {
    News news{what};
    if (what == Incoming::cancel_asked) news.reason = EndReason::customer_cancelled;
    return news;
}

/// An order in some status, by the shortest way through the table.
Order order_in(OrderStatus status) {
    std::vector<Order> reached{placed_order()};
    for (std::size_t i = 0; i < reached.size(); ++i) {
        if (reached[i].status == status) return reached[i];
        for (std::size_t what = 0; what < incoming_count; ++what) {
            const auto incoming = static_cast<Incoming>(what);
            const Act act = saga_row(reached[i].status, incoming).act;
            if (act != Act::go && act != Act::end) continue;
            const auto next = advance(reached[i], news_of(incoming), start);
            reached.push_back(*next->next);
        }
        if (reached.size() > 10'000) break;
    }
    throw std::logic_error("every status can be reached");
}

std::set<std::string_view> raised(const Change<Order>& change) {
    std::set<std::string_view> types;
    for (const RaisedEvent& event : change.events) types.insert(event.info->type);
    return types;
}

Order after(const Order& order, const News& news) {
    const auto change = advance(order, news, start);
    return *change.value().next;
}

} // namespace

TEST(SagaTable, does_what_every_row_says) {
    for (const Row& row : saga_rows()) {
        SCOPED_TRACE(std::string(name_of(row.in)) + " " + std::string(name_of(row.incoming)));
        const Order order = order_in(row.in);
        const News news = news_of(row.incoming);
        if (row.act == Act::unreachable) {
            EXPECT_THROW(std::ignore = advance(order, news, start), InvariantBroken);
            continue;
        }
        const auto change = advance(order, news, start);
        EXPECT_EQ(change.has_value(), row.act != Act::refuse);
        if (!change) continue;
        EXPECT_EQ(change->next.has_value(), row.act != Act::stay);
        if (row.act == Act::go) EXPECT_EQ(change->next->status, row.next);
        if (row.act == Act::ask_again) {
            EXPECT_EQ(change->next->status, row.in);
            EXPECT_EQ(change->next->attempt.value(), order.attempt.value() + 1);
        }
        if (change->next) EXPECT_EQ(change->events.size(), 1U);
    }
}

TEST(SagaTable, gives_a_reason_for_every_row_that_cannot_be) {
    for (const Row& row : saga_rows()) EXPECT_FALSE(row.why.empty());
}

TEST(Checkout, asks_for_stock_before_money) {
    const Order order = placed_order();
    EXPECT_EQ(order.status, placing);
    const auto change = advance(order, {Incoming::stock_held}, start);
    EXPECT_EQ(raised(*change), std::set{PaymentRequested::event.type});
}

TEST(Checkout, keeps_what_was_captured_in_mind) {
    const Order capturing_order = order_in(capturing);
    News news{.what = Incoming::payment_captured, .amount = capturing_order.totals.total};
    const Order order = after(capturing_order, news);
    EXPECT_EQ(order.status, confirmed);
    EXPECT_EQ(order.paid, order.totals.total);
}

TEST(Checkout, a_payment_that_is_never_answered_is_closed_not_forgotten) {
    Order order = order_in(authorising);
    Instant now = start;
    int asked = 1;
    while (order.status == authorising) {
        now = *order.due_at;
        const auto what = due_news(order, now);
        ASSERT_TRUE(what.has_value());
        const auto change = advance(order, {*what}, now);
        order = *change->next;
        ++asked;
    }
    EXPECT_EQ(order.status, cancelling);
    EXPECT_EQ(order.reason, EndReason::payment_unresolved);
    EXPECT_EQ(asked, 31);
}

TEST(Checkout, a_cancelled_order_says_who_wanted_it) {
    News news{.what = Incoming::cancel_asked, .reason = EndReason::staff_cancelled};
    Order order = after(order_in(confirmed), news);
    order = after(order, {.what = Incoming::payment_closed, .amount = order.totals.total});
    order = after(order, {Incoming::stock_released});
    EXPECT_EQ(order.status, cancelled);
    EXPECT_EQ(order.reason, EndReason::staff_cancelled);
    EXPECT_EQ(order.returned, order.totals.total);
}

TEST(Checkout, is_due_only_when_its_time_has_come) {
    const Order order = placed_order();
    EXPECT_FALSE(due_news(order, start).has_value());
    EXPECT_EQ(due_news(order, *order.due_at), Incoming::overdue);
}

TEST(Checkout, notes_a_refund_once) {
    const RefundEntry refund{payments::RefundId::from_parts(start, 7, 8), {100, Currency("EUR")}};
    const Change<Order> first = note_refund(order_in(confirmed), refund);
    const Change<Order> second = note_refund(*first.next, refund);
    EXPECT_FALSE(second.next.has_value());
    EXPECT_EQ(view_of(*first.next, 1).refunded, refund.amount);
}

TEST(Quote, adds_tax_on_lines_and_shipping_rounded_half_up) {
    const Money price{999, Currency("EUR")};
    const QuotedLine line{{catalog::Sku::of("CBL-XLR-3"), Quantity::of(1)}, {}, price, price};
    const Quote quote = quote_of({line}, {});
    EXPECT_EQ(quote.totals.shipping.amount, 990);
    EXPECT_EQ(quote.totals.tax.amount, 378);
    EXPECT_EQ(quote.totals.total.amount, 999 + 990 + 378);
}

TEST(Quote, adds_up_the_dearest_cart_that_can_be) {
    const Money dearest{1'000'000'000'000, Currency("EUR")};
    const SkuQuantity most{catalog::Sku::of("CBL-XLR-3"), Quantity::of(Quantity::max)};
    const QuotedLine line{most, {}, dearest, dearest * Quantity::max};
    Config config;
    config.tax_rate = Bounded<int, 0, 5000>::of(5000);
    const Quote quote = quote_of(std::vector<QuotedLine>(100, line), config);
    EXPECT_EQ(quote.totals.subtotal.amount, 100'000'000'000'000'000);
    EXPECT_EQ(quote.totals.tax.amount, 50'000'000'000'000'000);
    EXPECT_EQ(quote.totals.total.amount, 150'000'000'000'000'000);
}

TEST(Quote, ships_large_orders_free_and_charges_nothing_for_nothing) {
    const Money price{50'000, Currency("EUR")};
    const QuotedLine line{{catalog::Sku::of("MIX-C32"), Quantity::of(1)}, {}, price, price};
    EXPECT_EQ(quote_of({line}, {}).totals.shipping.amount, 0);
    EXPECT_EQ(quote_of({}, {}).totals.total.amount, 0);
}

TEST(OrderNumber, differs_for_orders_of_one_millisecond) {
    std::set<std::string> numbers;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        numbers.insert(number_of(OrderId::from_parts(start, i, i * 7919)).text());
    }
    EXPECT_EQ(numbers.size(), 1000U);
}

} // namespace backline::orders
