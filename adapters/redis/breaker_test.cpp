// At stake: a Redis that hangs would cost every request its whole patience; one that is back would stay unused.
// How: failures and successes on a clock that the test moves.
#include "adapters/redis/breaker.hpp"

#include <gtest/gtest.h>

namespace backline::redis {
namespace {

constexpr Breaker::Settings settings{.failures_max = 3, .probe_every = Duration{500}};

Monotonic at(Duration::rep milliseconds) {
    return Monotonic{Duration{milliseconds}};
}

Breaker opened_at(Monotonic now) {
    Breaker breaker(settings);
    for (int i = 0; i < settings.failures_max; ++i) breaker.failed(now);
    return breaker;
}

TEST(Breaker, opens_after_so_many_failures_in_a_row) {
    Breaker breaker(settings);
    breaker.failed(at(0));
    breaker.failed(at(0));
    EXPECT_TRUE(breaker.allows(at(0)));
    breaker.succeeded();
    breaker.failed(at(0));
    breaker.failed(at(0));
    EXPECT_TRUE(breaker.allows(at(0))) << "a success in between starts the count again";
    breaker.failed(at(0));
    EXPECT_TRUE(breaker.open());
    EXPECT_FALSE(breaker.allows(at(0)));
}

TEST(Breaker, allows_one_probe_per_interval) {
    Breaker breaker = opened_at(at(1'000));
    int probes = 0;
    for (Duration::rep time = 1'000; time < 3'600; ++time) {
        if (!breaker.allows(at(time))) continue;
        ++probes;
        EXPECT_EQ(time % 500, 0);
        breaker.failed(at(time + 50));
    }
    EXPECT_EQ(probes, 5);
}

TEST(Breaker, closes_with_the_first_success) {
    Breaker breaker = opened_at(at(0));
    EXPECT_TRUE(breaker.allows(at(500)));
    breaker.succeeded();
    EXPECT_FALSE(breaker.open());
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(breaker.allows(at(501)));
}

TEST(Breaker, probes_again_when_nobody_tells_how_a_probe_went) {
    Breaker breaker = opened_at(at(0));
    EXPECT_TRUE(breaker.allows(at(700)));
    EXPECT_FALSE(breaker.allows(at(1'199)));
    EXPECT_TRUE(breaker.allows(at(1'200)));
}

} // namespace
} // namespace backline::redis
