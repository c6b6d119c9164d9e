// At stake: memory without end for whoever makes up names, or somebody's failures forgotten for them.
// How: more keys than there is room for. What the counts cost is tested in tests/contract and services/users/throttle.
#include "platform/security/failures.hpp"

#include <gtest/gtest.h>

namespace backline::security {

TEST(Failures, are_bounded_and_forget_the_oldest_first) {
    constexpr Monotonic start{};
    constexpr Duration day = std::chrono::hours{24};
    Failures failures({.free = 0, .longest = day, .forgotten_after = day}, 3);
    for (const char* key : {"a", "b", "a", "c", "d"}) failures.count(key, start);
    EXPECT_EQ(failures.size(), 3U);
    EXPECT_FALSE(failures.knows("b"));
    EXPECT_EQ(failures.wait("a", start), Duration{4'000});
    EXPECT_EQ(failures.wait("b", start), Duration{0});
    EXPECT_EQ(failures.wait("d", start), Duration{2'000});
}

} // namespace backline::security
