// At stake: a customer who pays yesterday's price because the catalog's word came late or twice.
// Method: events of one SKU in every order, with repetitions and over a restore.
#include "platform/base/projection.hpp"
#include "services/orders/prices/model.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace backline::orders {
namespace {

struct Said {
    std::int64_t epoch;
    std::int64_t sequence;

    bool operator==(const Said&) const = default;
    auto operator<=>(const Said&) const = default;
};

Price price(const Said& said) {
    Price news{.sku = catalog::Sku::of("MIC-1")};
    news.unit_price = {said.epoch * 100 + said.sequence, Currency("EUR")};
    news.epoch = said.epoch;
    news.sequence = said.sequence;
    return news;
}

} // namespace

TEST(Prices, are_the_newest_word_in_whatever_order_the_words_come) {
    std::vector<Said> said{{1, 1}, {1, 2}, {1, 3}, {2, 1}, {2, 2}};
    do {
        std::optional<Price> known;
        for (const Said& one : said) {
            for (int copy = 0; copy < 2; ++copy) {
                Change<Price> change = keep_newest(known ? &*known : nullptr, price(one));
                if (change.next) known = std::move(change.next);
            }
        }
        ASSERT_EQ(known->unit_price.amount, 202);
    } while (std::ranges::next_permutation(said).found);
}

TEST(Prices, that_came_before_change_nothing) {
    const Price known = price({1, 2});
    EXPECT_FALSE(keep_newest(&known, price({1, 2})).next);
    EXPECT_FALSE(keep_newest(&known, price({1, 1})).next);
    EXPECT_TRUE(keep_newest(&known, price({2, 1})).next);
}

} // namespace backline::orders
