// At stake: an order that a stranger reads or cancels, and a customer who waits for news and misses them.
// Method: the routes as owner, stranger, guest and staff, in every status of an order, on virtual time.
#include "services/orders/checkout/feature_test.hpp"

#include <gtest/gtest.h>

namespace backline::orders {
namespace {

using enum OrderStatus;

struct Orders {
    std::vector<OrderView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(Orders, (), (items, next))

std::string version_query(int seconds, std::int64_t version) {
    return fmt::format("?wait={}&after_version={}", seconds, version);
}

class OrdersFeature : public testing::Test {
protected:
    Orders list(const std::string& query, const std::string& who) {
        const Answer answer =
            shop.bench.call({.method = "GET", .target = "/v1/orders" + query, .as = who});
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.read<Orders>();
    }

    std::string listed(const std::string& query, const std::string& who) {
        std::string text;
        for (const OrderView& order : list(query, who).items) {
            text += std::string(name_of(order.status)) + " ";
        }
        return text;
    }

    /// Virtual time that passes until all are answered.
    Duration time_for(const std::vector<Ask>& asks) {
        const Instant before = shop.bench.now();
        shop.bench.call_at_once(asks);
        return shop.bench.now() - before;
    }

    CheckoutShop shop;
};

} // namespace

TEST_F(OrdersFeature, wait_for_news_and_get_them_at_once) {
    const OrderId id = shop.place();
    shop.say(id, Incoming::payment_authorised); // Too early: it comes again a little later.
    shop.say(id, Incoming::stock_held);
    const std::int64_t version = shop.order(id).version;
    ASSERT_EQ(shop.order(id).status, authorising);
    const Instant before = shop.bench.now();
    const Answer news = shop.bench.call(CheckoutShop::showing(id, ada, version_query(30, version)));
    const auto order = news.read<OrderView>();
    EXPECT_EQ(order.status, committing);
    EXPECT_GT(shop.bench.now(), before) << "it had to wait";
    EXPECT_EQ(shop.bench.now(), order.history.back().at) << "in the millisecond of the news";
}

TEST_F(OrdersFeature, wait_for_news_of_the_clock) {
    const OrderId id = shop.place();
    const std::int64_t version = shop.order(id).version;
    const Duration waited = time_for({CheckoutShop::showing(id, ada, version_query(30, version))});
    EXPECT_GE(waited, Duration{5'000}) << "then the stock is asked for again";
    EXPECT_LE(waited, Duration{6'200});
}

TEST_F(OrdersFeature, wait_no_longer_than_they_were_asked_to) {
    const OrderId id = shop.place();
    const std::int64_t version = shop.order(id).version;
    const Duration waited = time_for({CheckoutShop::showing(id, ada, version_query(3, version))});
    EXPECT_GE(waited, Duration{3'000});
    EXPECT_LE(waited, Duration{3'250});
    EXPECT_EQ(shop.order(id).version, version);
}

TEST_F(OrdersFeature, wait_for_nothing_that_is_there_already) {
    const OrderId id = shop.order_in(authorising);
    const std::int64_t version = shop.order(id).version;
    const std::vector<std::string> queries{
        "", "?wait=30", version_query(30, version - 1), version_query(0, version)
    };
    for (const std::string& query : queries) {
        EXPECT_EQ(time_for({CheckoutShop::showing(id, ada, query)}), Duration{0}) << query;
    }
}

TEST_F(OrdersFeature, show_the_writer_what_he_wrote_while_others_wait_for_it) {
    const OrderId id = shop.place();
    const std::int64_t version = shop.order(id).version;
    const Ask waiting = CheckoutShop::showing(id, ada, version_query(30, version));
    const std::vector<Answer> answers =
        shop.bench.call_at_once({waiting, waiting, CheckoutShop::cancelling(id, ada)});
    for (const Answer& answer : answers) {
        EXPECT_EQ(answer.read<OrderView>().status, releasing);
        EXPECT_EQ(answer.read<OrderView>().version, version + 1);
    }
    EXPECT_EQ(answers[2].status, 202);
    EXPECT_EQ(shop.order(id).version, version + 1);
}

TEST_F(OrdersFeature, are_cancelled_in_every_status_but_rejected) {
    struct Row {
        OrderStatus in;
        OrderStatus next;
    };

    const Row rows[] = {
        {placing, releasing},
        {authorising, cancelling},
        {committing, cancelling},
        {capturing, cancelling},
        {confirmed, cancelling},
        {cancelling, cancelling},
        {releasing, releasing},
        {cancelled, cancelled},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(std::string(name_of(row.in)));
        const OrderId id = shop.order_in(row.in);
        ASSERT_EQ(shop.order(id).status, row.in);
        const Answer answer = shop.bench.call(CheckoutShop::cancelling(id, ada));
        EXPECT_EQ(answer.status, 202);
        EXPECT_EQ(answer.read<OrderView>().status, row.next);
        if (row.next == cancelling) shop.hear(id, Incoming::payment_closed);
        shop.hear(id, Incoming::stock_released);
        EXPECT_EQ(shop.order(id).status, cancelled);
        EXPECT_EQ(shop.order(id).reason, EndReason::customer_cancelled);
    }
    shop.bench.settle();
    EXPECT_EQ(shop.bench.events<OrderCancelled>().size(), std::size(rows));
    const Answer late = shop.bench.call(CheckoutShop::cancelling(shop.order_in(rejected), ada));
    EXPECT_EQ(late.status, 409);
    EXPECT_EQ(late.code(), "order_not_cancellable");
}

TEST_F(OrdersFeature, show_what_went_back_when_they_were_cancelled) {
    const OrderId id = shop.order_in(confirmed);
    shop.bench.call(CheckoutShop::cancelling(id, ada));
    shop.say_closed(id, price_of_cart);
    shop.bench.settle();
    shop.hear(id, Incoming::stock_released);
    EXPECT_EQ(shop.order(id).refunded, price_of_cart);
    ASSERT_EQ(shop.bench.events<OrderCancelled>().size(), 1U);
    EXPECT_EQ(shop.bench.events<OrderCancelled>()[0].returned, price_of_cart);
}

TEST_F(OrdersFeature, that_never_had_a_payment_show_nothing_paid_in_their_own_currency) {
    const OrderId id = shop.order_in(cancelling);
    shop.say_closed(id, {}); // Payments heard of the order by this request only.
    shop.bench.settle();
    shop.hear(id, Incoming::stock_released);
    const Money nothing{0, Currency("EUR")};
    EXPECT_EQ(shop.order(id).paid, nothing);
    EXPECT_EQ(shop.order(id).refunded, nothing);
    EXPECT_EQ(shop.bench.events<OrderCancelled>().at(0).returned, nothing);
}

TEST_F(OrdersFeature, are_cancelled_by_staff_in_their_own_name) {
    const OrderId id = shop.place(guest);
    EXPECT_EQ(shop.bench.call(CheckoutShop::cancelling(id, staff)).status, 202);
    EXPECT_EQ(shop.order(id, guest).reason, EndReason::staff_cancelled);
}

TEST_F(OrdersFeature, are_not_cancelled_by_who_may_only_read_them) {
    const OrderId id = shop.place();
    const std::string reader = as("usr_01jd8xw9b2f0aqv1e4m7k3t5n1", {"orders:read"});
    const Answer answer = shop.bench.call(CheckoutShop::cancelling(id, reader));
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.code(), "permission_missing");
    EXPECT_EQ(shop.order(id, reader).status, placing);
}

TEST_F(OrdersFeature, are_cancelled_as_they_were_seen_if_the_caller_says_so) {
    const OrderId id = shop.place();
    Ask asked = CheckoutShop::cancelling(id, ada);
    asked.headers = {{"If-Match", shop.bench.call(CheckoutShop::showing(id)).etag()}};
    shop.hear(id, Incoming::stock_held);
    EXPECT_EQ(shop.bench.call(asked).code(), "version_stale");
    EXPECT_EQ(shop.order(id).status, authorising);
}

TEST_F(OrdersFeature, of_somebody_else_do_not_exist_but_for_staff) {
    const OrderId id = shop.place(guest);
    const OrderView before = shop.order(id, guest);
    const std::string other_guest = as("gst_01jd8xw9b2f0aqv1e4m7k3t5n0");
    for (const std::string& who : {ada, other_guest, as("usr_1", {"orders:cancel"})}) {
        for (const Ask& ask :
             {CheckoutShop::showing(id, who),
              CheckoutShop::showing(id, who, version_query(30, 1)),
              CheckoutShop::cancelling(id, who)}) {
            const Answer answer = shop.bench.call(ask);
            EXPECT_EQ(answer.status, 404);
            EXPECT_EQ(answer.code(), "order_unknown");
        }
    }
    EXPECT_EQ(shop.bench.call(CheckoutShop::showing(id, {})).code(), "token_missing");
    EXPECT_EQ(shop.order(id, guest).version, before.version);
    EXPECT_EQ(shop.order(id, staff).id, id);
}

TEST_F(OrdersFeature, are_listed_to_their_owner_newest_first_page_by_page) {
    std::vector<OrderId> placed;
    for (int i = 0; i < 5; ++i) {
        placed.push_back(shop.place());
        shop.place(bob);
        shop.bench.advance(Duration{1});
    }
    std::vector<OrderId> seen;
    std::string query = "?limit=2";
    for (int pages = 0; pages < 5 && !query.empty(); ++pages) {
        const Orders page = list(query, ada);
        for (const OrderView& order : page.items) seen.push_back(order.id);
        query = page.next ? "?limit=2&after=" + *page.next : "";
    }
    std::ranges::reverse(seen);
    EXPECT_EQ(seen, placed);
    EXPECT_TRUE(list("", guest).items.empty());
}

TEST_F(OrdersFeature, are_listed_to_their_owner_by_status) {
    shop.order_in(rejected);
    shop.order_in(confirmed);
    shop.order_in(rejected, bob);
    EXPECT_EQ(listed("?status=rejected", ada), "rejected ");
    EXPECT_EQ(listed("?status=confirmed", ada), "confirmed ");
    EXPECT_EQ(listed("?status=cancelled", ada), "");
    shop.bench.advance(Duration{1});
    shop.order_in(rejected);
    const Orders first = list("?status=rejected&limit=1", ada);
    const Orders second = list("?status=rejected&limit=1&after=" + first.next.value(), ada);
    EXPECT_GT(first.items.at(0).placed_at, second.items.at(0).placed_at);
    EXPECT_FALSE(second.next);
}

TEST_F(OrdersFeature, are_listed_to_staff_by_status) {
    shop.order_in(rejected);
    shop.order_in(confirmed, bob);
    shop.order_in(rejected, guest);
    EXPECT_EQ(listed("?status=rejected", staff), "rejected rejected ");
    EXPECT_EQ(listed("?status=confirmed", staff), "confirmed ");
    EXPECT_EQ(listed("", staff), "") << "their own";
}

TEST_F(OrdersFeature, refuse_a_list_that_cannot_be) {
    const Refusing rows[] = {
        {{.method = "GET", .target = "/v1/orders"}, 401, "token_missing"},
        {{.method = "GET", .target = "/v1/orders?status=lost", .as = ada}, 422, "invalid"},
        {{.method = "GET", .target = "/v1/orders?after=nonsense", .as = ada}, 422, "invalid"},
        {{.method = "GET", .target = "/v1/orders?limit=0", .as = ada}, 422, "invalid"},
        {{.method = "GET", .target = "/v1/orders?customer=usr_1", .as = ada}, 422, "invalid"},
    };
    for (const Refusing& row : rows) {
        const Answer answer = shop.bench.call(row.ask);
        EXPECT_EQ(answer.status, row.status) << row.ask.target;
        EXPECT_EQ(answer.code(), row.code) << row.ask.target;
    }
}

TEST_F(OrdersFeature, show_a_refund_once) {
    const OrderId id = shop.order_in(confirmed);
    payments::PaymentRefunded news;
    news.refund = payments::RefundId::from_parts(shop.bench.now(), 1, 1);
    news.order = id;
    news.amount = {1'000, Currency("EUR")};
    for (int copy = 0; copy < 2; ++copy) shop.bench.deliver(news, {"pay_1"});
    EXPECT_EQ(shop.order(id).refunded.amount, 1'000);
    EXPECT_EQ(shop.order(id).paid, price_of_cart);
    news.refund = payments::RefundId::from_parts(shop.bench.now(), 2, 2);
    shop.bench.deliver(news, {"pay_1"});
    EXPECT_EQ(shop.order(id).refunded.amount, 2'000);
    EXPECT_EQ(shop.order(id).status, confirmed);
}

} // namespace backline::orders
