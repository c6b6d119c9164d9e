// At stake: staff corrections that count twice, vanish, or undercut what orders were promised.
// Method: requests through the real router, replays among them, and crashes in their middle.
#include "services/inventory/service.hpp"
#include "services/inventory/stock/model.hpp"
#include "tests/support/service_bench.hpp"

#include <gtest/gtest.h>

namespace backline::inventory {
namespace {

using tests::Answer;
using tests::as;
using tests::Ask;
using tests::ServiceBench;

const std::string staff = as("usr_staff", {"stock:read", "stock:adjust"});

class StockFeature : public testing::Test {
protected:
    StockFeature() : bench({make_service}) { know("MIC-1"); }

    void know(const std::string& sku) {
        catalog::ProductChanged product;
        product.product = catalog::ProductId::from_parts(Instant{}, ++products, 1);
        product.name = catalog::ProductName::of("Microphone");
        product.variants.push_back(
            {catalog::Sku::of(sku), catalog::VariantName::of("one"), {100, Currency("EUR")}, true}
        );
        bench.deliver(product, {.subject = product.product.text()});
    }

    static Ask adjustment(
        int quantity,
        const std::string& key,
        const std::string& sku = "MIC-1",
        const std::string& reason = "received"
    ) {
        return {
            .method = "POST",
            .target = "/v1/stock/" + sku + "/adjustments",
            .body = R"({"location":"main","quantity":)" + std::to_string(quantity) +
                    R"(,"reason":")" + reason + R"("})",
            .as = staff,
            .headers = {{"Idempotency-Key", key}}
        };
    }

    StockView stock(const std::string& sku = "MIC-1") {
        const Answer answer = bench.call({"GET", "/v1/stock/" + sku, {}, staff});
        return answer.read<StockView>();
    }

    std::string ledger(const std::string& query = "") {
        return bench.call({"GET", "/v1/stock/MIC-1/movements" + query, {}, staff}).body;
    }

    std::uint64_t products = 0;
    ServiceBench bench;
};

TEST_F(StockFeature, starts_empty_when_the_catalog_tells_of_a_sku) {
    EXPECT_EQ(stock().available.value(), 0);
    ASSERT_EQ(bench.events<AvailabilityChanged>().size(), 1U);
    know("MIC-1");
    EXPECT_EQ(bench.events<AvailabilityChanged>().size(), 1U);
}

TEST_F(StockFeature, is_adjusted_and_tells_its_availability) {
    const Answer made = bench.call(adjustment(7, "key-one-1"));
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(made.headers.find("location"), "/v1/stock/MIC-1/movements");
    EXPECT_EQ(stock().available.value(), 7);
    bench.settle();
    EXPECT_EQ(bench.events<AvailabilityChanged>().back().available.value(), 7);
}

TEST_F(StockFeature, answers_a_repeated_adjustment_with_the_same_bytes_and_does_it_once) {
    const Answer first = bench.call(adjustment(7, "key-one-1"));
    bench.advance(Duration{5'000});
    bench.call(adjustment(-2, "key-two-2"));
    const Answer again = bench.call(adjustment(7, "key-one-1"));
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(stock().available.value(), 5);
    EXPECT_TRUE(bench.documents<Stock>("inventory.stock").front().marks.empty());
}

TEST_F(StockFeature, does_an_adjustment_once_when_it_is_sent_twice_at_once) {
    const std::vector<Answer> answers =
        bench.call_at_once({adjustment(7, "key-one-1"), adjustment(7, "key-one-1")});
    EXPECT_EQ(answers[0].status, 201);
    EXPECT_EQ(answers[1].body, answers[0].body);
    EXPECT_EQ(stock().available.value(), 7);
}

TEST_F(StockFeature, refuses_a_key_that_came_with_another_body) {
    bench.call(adjustment(7, "key-one-1"));
    const Answer other = bench.call(adjustment(8, "key-one-1"));
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.code(), "idempotency_key_reused");
    EXPECT_EQ(stock().available.value(), 7);
}

TEST_F(StockFeature, refuses_what_cannot_be) {
    struct Row {
        Ask ask;
        int status;
        std::string code;
    };

    Ask anonymous = adjustment(1, "key-anon-1");
    anonymous.as.clear();
    Ask customer = adjustment(1, "key-cust-1");
    customer.as = as("usr_customer");
    Ask keyless = adjustment(1, "");
    keyless.headers = {};
    const Row rows[] = {
        {anonymous, 401, "token_missing"},
        {customer, 403, "permission_missing"},
        {keyless, 400, "idempotency_key_missing"},
        {adjustment(1, "key-unknown", "NO-SUCH"), 404, "sku_unknown"},
        {adjustment(0, "key-zero-0"), 422, "adjustment_zero"},
        {adjustment(-1, "key-minus-1"), 409, "stock_below_claims"},
        {adjustment(9'000'001, "key-large-1"), 409, "stock_too_large"},
        {adjustment(1, "key-reason", "MIC-1", "because"), 422, "invalid"},
        {{"GET", "/v1/stock/NO-SUCH", {}, staff}, 404, "sku_unknown"},
        {{"GET", "/v1/stock/NO-SUCH/movements", {}, staff}, 404, "sku_unknown"},
        {{"GET", "/v1/stock/lower", {}, staff}, 404, "route_not_found"},
        {{"GET", "/v1/stock?after=nonsense", {}, staff}, 422, "invalid"},
        {{"GET", "/v1/stock?limit=0", {}, staff}, 422, "invalid"},
    };
    for (const Row& row : rows) {
        const Answer answer = bench.call(row.ask);
        EXPECT_EQ(answer.status, row.status) << row.ask.target << answer.body;
        EXPECT_EQ(answer.code(), row.code) << row.ask.target;
    }
    EXPECT_EQ(stock().available.value(), 0);
}

TEST_F(StockFeature, does_a_refused_adjustment_when_it_is_repeated_and_has_become_possible) {
    const Answer refused = bench.call(adjustment(-2, "key-minus-2"));
    EXPECT_EQ(refused.status, 409);
    bench.call(adjustment(5, "key-plus-5"));
    const Answer repeated = bench.call(adjustment(-2, "key-minus-2"));
    EXPECT_EQ(repeated.status, 201);
    EXPECT_EQ(stock().available.value(), 3);
}

TEST_F(StockFeature, numbers_its_ledger_without_gaps_and_pages_it) {
    for (int i = 1; i <= 5; ++i) bench.call(adjustment(i, "key-number-" + std::to_string(i)));
    std::vector<std::int64_t> numbers;
    std::string after = "0";
    for (int pages = 0; pages < 3; ++pages) {
        const std::string page = ledger("?limit=2&after=" + after);
        for (std::size_t at = page.find("\"number\":"); at != std::string::npos;
             at = page.find("\"number\":", at + 1)) {
            numbers.push_back(std::stoll(page.substr(at + 9)));
        }
        after = std::to_string(numbers.back());
        EXPECT_EQ(page.find("\"next\"") != std::string::npos, pages < 2);
    }
    EXPECT_EQ(numbers, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
}

TEST_F(StockFeature, lists_all_skus_page_by_page) {
    for (const char* sku : {"MIC-4", "MIC-2", "MIC-3"}) know(sku);
    const Answer first = bench.call({"GET", "/v1/stock?limit=3", {}, staff});
    EXPECT_NE(first.body.find("MIC-3"), std::string::npos);
    EXPECT_EQ(first.body.find("MIC-4"), std::string::npos);
    const std::string link(first.headers.find("link"));
    const std::string next = link.substr(1, link.find('>') - 1);
    const Answer second = bench.call({"GET", next, {}, staff});
    EXPECT_NE(second.body.find("MIC-4"), std::string::npos);
    EXPECT_EQ(second.body.find("MIC-1"), std::string::npos);
}

TEST_F(StockFeature, finishes_an_adjustment_that_a_crash_cut_off_wherever_that_was) {
    for (int steps = 0; steps < 40; ++steps) {
        ServiceBench fresh({make_service});
        catalog::ProductChanged product;
        product.name = catalog::ProductName::of("Microphone");
        product.variants.push_back({catalog::Sku::of("MIC-1"), catalog::VariantName::of("one")});
        fresh.deliver(product, {.subject = "prd_1"});
        fresh.begin(adjustment(7, "key-one-1"));
        for (int i = 0; i < steps; ++i) fresh.step();
        fresh.restart();
        const Answer again = fresh.call(adjustment(7, "key-one-1"));
        EXPECT_EQ(again.status, 201) << "crash after step " << steps;
        const Stock stock = fresh.documents<Stock>("inventory.stock").front();
        EXPECT_EQ(on_hand(stock), 7) << "crash after step " << steps;
        EXPECT_TRUE(stock.marks.empty()) << "crash after step " << steps;
    }
}

} // namespace
} // namespace backline::inventory
