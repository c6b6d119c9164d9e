// At stake: money. Wrong sums must stop the request, not travel on.
// Tested at the edges of 64 bits and across currencies.
#include "platform/base/money.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace backline {
namespace {

constexpr Currency eur("EUR");
constexpr Currency usd("USD");
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

TEST(Money, adds_subtracts_and_multiplies) {
    Money total{1050, eur};
    total += Money{50, eur};
    total -= Money{100, eur};
    EXPECT_EQ(total * 3, (Money{3000, eur}));
    EXPECT_EQ(-total, (Money{-1000, eur}));
    EXPECT_LT((Money{1, eur}), (Money{2, eur}));
    EXPECT_GE((Money{2, eur}), (Money{2, eur}));
}

TEST(Money, does_not_mix_currencies) {
    EXPECT_THROW((void)(Money{1, eur} + Money{1, usd}), InvariantBroken);
    EXPECT_THROW((void)(Money{1, eur} - Money{0, usd}), InvariantBroken);
    EXPECT_THROW((void)(Money{1, eur} < Money{2, usd}), InvariantBroken);
    EXPECT_NE((Money{1, eur}), (Money{1, usd}));
}

TEST(Money, does_not_overflow) {
    EXPECT_THROW((void)(Money{most, eur} + Money{1, eur}), InvariantBroken);
    EXPECT_THROW((void)(Money{least, eur} - Money{1, eur}), InvariantBroken);
    EXPECT_THROW((void)(-Money{least, eur}), InvariantBroken);
    EXPECT_THROW((void)(Money{most / 2 + 1, eur} * 2), InvariantBroken);
    EXPECT_EQ((Money{most, eur} + Money{0, eur}).amount, most);
}

TEST(Currency, is_three_upper_case_letters) {
    EXPECT_EQ(Currency::parse("EUR"), eur);
    EXPECT_EQ(Currency{}.text(), "XXX");
    for (const std::string_view bad : {"", "EU", "EURO", "eur", "E R", "EU1", "ÄU"}) {
        EXPECT_FALSE(Currency::parse(bad)) << bad;
    }
}

} // namespace
} // namespace backline
