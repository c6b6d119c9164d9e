// At stake: an order that is promised units which nobody has, units that stay claimed for nobody, and silence.
// Method: orders' requests in every order, repeated, raced, and cut off by a crash at every single await.
#include "services/inventory/holds/model.hpp"
#include "services/inventory/service.hpp"
#include "tests/support/service_bench.hpp"

#include <gtest/gtest.h>

namespace backline::inventory {
namespace {

using orders::Step;
using tests::as;
using tests::ServiceBench;

const std::string staff = as("usr_staff", {"stock:read", "stock:adjust"});

orders::OrderId order(std::uint64_t number) {
    return orders::OrderId::from_parts(Instant{Duration{1}}, number, number);
}

orders::SagaRef ref(std::uint64_t number, Step step, int attempt = 1) {
    return {order(number), step, orders::Attempt::of(attempt)};
}

/// Two SKUs, MIC-1 and MIC-2, of each three units in the main store and two in the depot.
struct Shop {
    ServiceBench bench{{make_service}};

    Shop() {
        catalog::ProductChanged product;
        product.name = catalog::ProductName::of("Microphone");
        for (const char* sku : {"MIC-1", "MIC-2"}) {
            product.variants.push_back({catalog::Sku::of(sku), catalog::VariantName::of("one")});
        }
        bench.deliver(product, {.subject = "prd_1"});
        for (const char* sku : {"MIC-1", "MIC-2"}) {
            adjust(sku, "main", 3);
            adjust(sku, "depot", 2);
        }
        bench.settle();
    }

    void adjust(const std::string& sku, const std::string& location, int quantity) {
        const tests::Answer made = bench.call(
            {.method = "POST",
             .target = "/v1/stock/" + sku + "/adjustments",
             .body = R"({"location":")" + location + R"(","quantity":)" + std::to_string(quantity) +
                     R"(,"reason":"received"})",
             .as = staff,
             .headers = {{"Idempotency-Key", "key-" + sku + "-" + location}}}
        );
        EXPECT_EQ(made.status, 201) << made.body;
    }

    void hold(std::uint64_t number, int quantity, int attempt = 1) {
        orders::StockHoldRequested request{ref(number, Step::hold_stock, attempt), {}};
        for (const char* sku : {"MIC-2", "MIC-1"}) {
            request.lines.push_back({catalog::Sku::of(sku), orders::Quantity::of(quantity)});
        }
        bench.post(request, {.subject = order(number).text()});
    }

    void commit(std::uint64_t number, int attempt = 1) {
        bench.post(
            orders::StockCommitRequested{ref(number, Step::commit_stock, attempt)},
            {.subject = order(number).text()}
        );
    }

    void release(std::uint64_t number, int attempt = 1) {
        bench.post(
            orders::StockReleaseRequested{ref(number, Step::release_stock, attempt)},
            {.subject = order(number).text()}
        );
    }

    /// `on_hand/claimed` of each SKU.
    std::string levels() const {
        std::string text;
        for (const Stock& stock : bench.documents<Stock>("inventory.stock")) {
            text += std::to_string(on_hand(stock)) + "/" + std::to_string(claimed(stock)) + " ";
            EXPECT_TRUE(stock.marks.empty());
        }
        return text;
    }

    /// The answers that orders got, oldest first.
    std::string answers() const {
        std::string text;
        for (const bus::EventRecord& event : bench.raised()) {
            for (const std::string answer : {"held", "refused", "committed", "released"}) {
                const bool is = event.type.find("stock_" + answer) != std::string::npos;
                if (is) text += answer + " ";
            }
        }
        return text;
    }
};

TEST(Holds, hold_commit_and_take_back_over_two_locations) {
    Shop shop;
    shop.hold(1, 4);
    shop.bench.settle();
    EXPECT_EQ(shop.levels(), "5/4 5/4 ");
    shop.commit(1);
    shop.bench.settle();
    EXPECT_EQ(shop.levels(), "1/0 1/0 ");
    shop.release(1);
    shop.bench.settle();
    EXPECT_EQ(shop.levels(), "5/0 5/0 ");
    EXPECT_EQ(shop.answers(), "held committed released ");
}

TEST(Holds, release_gives_back_what_was_held) {
    Shop shop;
    shop.hold(1, 4);
    shop.bench.settle();
    shop.release(1);
    shop.bench.settle();
    EXPECT_EQ(shop.levels(), "5/0 5/0 ");
    EXPECT_EQ(shop.answers(), "held released ");
    shop.commit(1);
    shop.bench.settle();
    EXPECT_EQ(shop.levels(), "5/0 5/0 ") << "a sale after the end sells nothing";
}

TEST(Holds, a_release_that_comes_before_its_hold_closes_it_for_good) {
    Shop shop;
    shop.release(1);
    shop.bench.settle();
    shop.hold(1, 1);
    shop.bench.settle();
    EXPECT_EQ(shop.levels(), "5/0 5/0 ");
    EXPECT_EQ(shop.answers(), "released ");
}

TEST(Holds, a_release_on_the_heels_of_its_hold_leaves_nothing_behind) {
    for (int steps = 0; steps < 60; ++steps) {
        Shop shop;
        shop.hold(1, 4);
        for (int i = 0; i < steps; ++i) shop.bench.step();
        shop.release(1);
        shop.bench.settle();
        EXPECT_EQ(shop.levels(), "5/0 5/0 ") << "released after step " << steps;
        EXPECT_TRUE(shop.answers().ends_with("released ")) << shop.answers();
    }
}

TEST(Holds, a_shortage_takes_nothing_and_says_what_was_missing) {
    Shop shop;
    shop.hold(1, 6);
    shop.bench.settle();
    EXPECT_EQ(shop.levels(), "5/0 5/0 ");
    const auto refused = shop.bench.events<StockRefused>();
    ASSERT_EQ(refused.size(), 1U);
    ASSERT_EQ(refused[0].shortages.size(), 2U);
    EXPECT_EQ(refused[0].shortages[0].wanted.value(), 6);
    EXPECT_EQ(refused[0].shortages[0].available.value(), 5);
}

TEST(Holds, two_orders_that_race_for_the_last_units_get_one_yes_and_one_no) {
    Shop shop;
    shop.hold(1, 3);
    shop.hold(2, 3);
    shop.bench.settle();
    EXPECT_EQ(shop.bench.events<StockHeld>().size(), 1U);
    EXPECT_EQ(shop.bench.events<StockRefused>().size(), 1U);
    EXPECT_EQ(shop.levels(), "5/3 5/3 ");
}

TEST(Holds, repeated_messages_change_nothing_and_a_higher_attempt_is_answered_again) {
    Shop shop;
    for (int i = 0; i < 3; ++i) shop.hold(1, 2);
    shop.bench.settle();
    EXPECT_EQ(shop.answers(), "held ");
    shop.hold(1, 2, 2);
    shop.bench.settle();
    EXPECT_EQ(shop.answers(), "held held ");
    EXPECT_EQ(shop.bench.events<StockHeld>().back().ref.attempt.value(), 2);
    for (int i = 0; i < 3; ++i) shop.commit(1);
    shop.bench.settle();
    for (int i = 0; i < 3; ++i) shop.release(1);
    shop.bench.settle();
    shop.commit(1, 2);
    shop.bench.settle();
    EXPECT_EQ(shop.levels(), "5/0 5/0 ");
    EXPECT_EQ(shop.answers(), "held held committed released ");
}

/// Crashes `shop` after so many resumptions, then lets redelivery and the sweeper finish.
void crash_after(Shop& shop, int steps) {
    for (int i = 0; i < steps; ++i) shop.bench.step();
    shop.bench.restart();
    shop.bench.settle();
    shop.bench.advance(Duration{15'000});
    shop.bench.settle();
    EXPECT_TRUE(shop.bench.parked().empty());
    EXPECT_TRUE(shop.bench.timer_failures().empty());
    for (const Hold& hold : shop.bench.documents<Hold>("inventory.holds")) {
        EXPECT_FALSE(hold.due_at);
    }
}

TEST(Holds, survive_a_crash_at_every_await_of_the_hold) {
    for (int steps = 0; steps < 60; ++steps) {
        Shop shop;
        shop.hold(1, 4);
        crash_after(shop, steps);
        EXPECT_EQ(shop.levels(), "5/4 5/4 ") << "crash after step " << steps;
        EXPECT_EQ(shop.answers(), "held ") << "crash after step " << steps;
    }
}

TEST(Holds, survive_a_crash_at_every_await_of_a_refusal) {
    for (int steps = 0; steps < 60; ++steps) {
        Shop shop;
        shop.hold(1, 6);
        crash_after(shop, steps);
        EXPECT_EQ(shop.levels(), "5/0 5/0 ") << "crash after step " << steps;
        EXPECT_EQ(shop.answers(), "refused ") << "crash after step " << steps;
    }
}

TEST(Holds, survive_a_crash_at_every_await_of_the_sale) {
    for (int steps = 0; steps < 60; ++steps) {
        Shop shop;
        shop.hold(1, 4);
        shop.bench.settle();
        shop.commit(1);
        crash_after(shop, steps);
        EXPECT_EQ(shop.levels(), "1/0 1/0 ") << "crash after step " << steps;
        EXPECT_EQ(shop.answers(), "held committed ") << "crash after step " << steps;
    }
}

TEST(Holds, survive_a_crash_at_every_await_of_the_return) {
    for (int steps = 0; steps < 60; ++steps) {
        Shop shop;
        shop.hold(1, 4);
        shop.bench.settle();
        shop.commit(1);
        shop.bench.settle();
        shop.release(1);
        crash_after(shop, steps);
        EXPECT_EQ(shop.levels(), "5/0 5/0 ") << "crash after step " << steps;
        EXPECT_EQ(shop.answers(), "held committed released ") << "crash after step " << steps;
    }
}

} // namespace
} // namespace backline::inventory
