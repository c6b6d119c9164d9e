// At stake: staff see every payment, what the provider did with it, and which ones wait for a person.
// Tested through the routes.
#include "services/payments/payments/feature_test.hpp"
#include "services/payments/payments/handlers.hpp"

#include <boost/describe/class.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace backline::payments {

namespace {

using namespace samples;
namespace token = sandbox_pay::token;

struct PaymentPage {
    std::vector<PaymentView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(PaymentPage, (), (items, next))

struct TransactionPage {
    std::vector<Transaction> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(TransactionPage, (), (items, next))

PaymentPage list(PaymentShop& shop, const std::string& query) {
    const tests::Answer answer = shop.bench.call({"GET", "/v1/payments" + query, "", staff()});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.read<PaymentPage>();
}

/// Answers with another amount than it was asked for.
class WrongProvider final : public Provider {
public:
    Task<ProviderPayment> call(ProviderCall call) override {
        ProviderPayment wrong = truth(ProviderStatus::authorised);
        wrong.amount = call.amount + euros(1);
        co_return wrong;
    }

    void on_notice(Listener) override {}
};

} // namespace

TEST(PaymentRoutes, list_by_order_and_by_status) {
    PaymentShop shop;
    const orders::OrderId paid = shop.paid(1);
    shop.pay(order(2), token::declined);
    shop.pay(order(3));
    shop.bench.settle();
    EXPECT_EQ(list(shop, "").items.size(), 3U);
    EXPECT_EQ(list(shop, "?status=declined").items.at(0).order, order(2));
    EXPECT_EQ(list(shop, "?order=" + paid.text()).items.at(0).captured, price);
    EXPECT_TRUE(list(shop, "?status=declined&order=" + paid.text()).items.empty());
    EXPECT_TRUE(list(shop, "?order=" + order(9).text()).items.empty());
}

TEST(PaymentRoutes, list_page_by_page) {
    PaymentShop shop;
    for (std::uint64_t n = 1; n <= 5; ++n) shop.pay(order(n));
    shop.bench.settle();
    std::size_t seen = 0;
    std::string query = "?limit=2";
    for (int page = 0; page < 3; ++page) {
        const PaymentPage payments = list(shop, query);
        seen += payments.items.size();
        if (payments.next) query = "?limit=2&after=" + *payments.next;
    }
    EXPECT_EQ(seen, 5U);
}

TEST(PaymentRoutes, show_the_books) {
    PaymentShop shop;
    const orders::OrderId order = shop.paid();
    shop.close(order);
    shop.quieten();
    const std::string target = "/v1/payments/" + payment_of(order).text();
    EXPECT_EQ(shop.bench.call({"GET", target, "", staff()}).read<PaymentView>().refunded, price);
    const tests::Answer answer = shop.bench.call({"GET", target + "/transactions", "", staff()});
    const TransactionPage books = answer.read<TransactionPage>();
    ASSERT_EQ(books.items.size(), 3U);
    using enum TransactionKind;
    EXPECT_EQ(books.items[0].kind, authorised);
    EXPECT_EQ(books.items[1].kind, captured);
    EXPECT_EQ(books.items[2].kind, refunded);
    EXPECT_EQ(books.items[2].number, 3);
    EXPECT_EQ(books.items[2].posting, (Posting{Account::refunds, Account::provider_receivable}));
}

TEST(PaymentRoutes, do_not_know_what_is_not_there) {
    PaymentShop shop;
    const std::string target = "/v1/payments/" + payment_of(order()).text();
    EXPECT_EQ(shop.bench.call({"GET", target, "", staff()}).code(), "payment_unknown");
    const tests::Answer books = shop.bench.call({"GET", target + "/transactions", "", staff()});
    EXPECT_EQ(books.code(), "payment_unknown");
    EXPECT_EQ(shop.bench.call({"GET", "/v1/payments", "", tests::as("usr_eve")}).status, 403);
}

TEST(PaymentRoutes, show_what_waits_for_a_person) {
    WrongProvider provider;
    const std::unique_ptr<observe::Log> log = observe::make_silent_log();
    ServiceBench bench{{[&](Backends on) { return make_service(on, provider, *log); }}};
    bench.deliver(payment_asked(order()), {order().text()});
    bench.advance(Duration{120'000});
    const std::string target = "/v1/payments?status=needs_attention";
    const PaymentPage parked = bench.call({"GET", target, "", staff()}).read<PaymentPage>();
    ASSERT_EQ(parked.items.size(), 1U);
    EXPECT_EQ(parked.items[0].attention, AttentionReason::amount_differs);
    EXPECT_TRUE(bench.raised().empty());
}

} // namespace backline::payments
