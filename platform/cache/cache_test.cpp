// At stake: entries that all expire at once.
#include "adapters/memory/virtual_loop.hpp"
#include "platform/cache/cache.hpp"

#include <gtest/gtest.h>

#include <set>

namespace backline::cache {
namespace {

TEST(Jittered, moves_by_a_tenth_at_most_and_uses_it_all) {
    memory::SeededRandom random(1);
    std::set<Duration> seen;
    for (int i = 0; i < 1'000; ++i) seen.insert(jittered(Duration{100}, random.next()));
    EXPECT_EQ(*seen.begin(), Duration{90});
    EXPECT_EQ(*seen.rbegin(), Duration{110});
    EXPECT_EQ(seen.size(), 21U);
}

TEST(Jittered, leaves_something_of_the_shortest) {
    EXPECT_EQ(jittered(Duration{0}, 7), Duration{1});
    EXPECT_EQ(jittered(Duration{3}, 7), Duration{3});
}

} // namespace
} // namespace backline::cache
