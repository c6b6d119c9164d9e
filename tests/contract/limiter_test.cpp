// At stake: passwords that are found by trying at many replicas at once, and owners who are locked out for nothing.
// How: the same promises of the limiter of one process, on virtual time, and of a real Redis server with two clients.
// Pauses are either long beside what a busy machine loses between two lines, or waited for.
#include "adapters/memory/virtual_loop.hpp"
#include "adapters/redis/redis_limiter.hpp"
#include "platform/security/local_limiter.hpp"
#include "tests/contract/limiter_contract.hpp"
#include "tests/contract/redis_bench.hpp"

#include <gtest/gtest.h>

namespace backline::contract {
namespace {

using security::Limit;
using security::LimitRule;

constexpr Duration minute = std::chrono::minutes{1};
constexpr Duration hour = std::chrono::hours{1};

class LocalLimiterSetup final : public LimiterSetup {
public:
    Runtime& runtime() override { return runtime_; }

    security::RateLimiter& limiter(int) override { return limiter_; }

    void run(Task<> task) override { memory::run(loop_, std::move(task)); }

private:
    memory::VirtualLoop loop_{1};
    memory::VirtualRuntime runtime_{loop_};
    security::LocalLimiter limiter_{runtime_};
};

class RedisLimiterSetup final : public LimiterSetup {
public:
    explicit RedisLimiterSetup(const std::string& url) : bench_(url) {}

    Runtime& runtime() override { return bench_.runtime(); }

    security::RateLimiter& limiter(int process) override { return process == 0 ? one_ : other_; }

    void run(Task<> task) override { bench_.run(std::move(task)); }

private:
    RedisBench bench_;
    redis::RedisLimiter one_{bench_.runtime(), bench_.connection()};
    redis::RedisLimiter other_{bench_.runtime(), bench_.connection()};
};

std::unique_ptr<LimiterSetup> in_process() {
    return std::make_unique<LocalLimiterSetup>();
}

std::unique_ptr<LimiterSetup> over_redis() {
    const auto url = test_server("BACKLINE_TEST_REDIS_URL");
    return url ? std::make_unique<RedisLimiterSetup>(*url) : nullptr;
}

INSTANTIATE_TEST_SUITE_P(LocalLimiter, LimiterContract, testing::Values(in_process));
INSTANTIATE_TEST_SUITE_P(RedisLimiter, LimiterContract, testing::Values(over_redis));

constexpr LimitRule slow{
    "slow",
    {.free = 3, .first = minute, .longest = 10 * minute, .failures_max = 5, .forgotten_after = hour}
};
constexpr LimitRule patient{
    "patient",
    {.free = 6, .first = minute, .longest = minute, .failures_max = 100, .forgotten_after = hour}
};
constexpr LimitRule quick{
    "quick",
    {.free = 1,
     .first = Duration{200},
     .longest = Duration{300},
     .failures_max = 100,
     .forgotten_after = hour}
};
constexpr LimitRule fleeting{
    "fleeting",
    {.free = 1, .first = hour, .longest = hour, .failures_max = 3, .forgotten_after = Duration{200}}
};

/// About so long: the clock has gone on since.
void expect_wait(Duration wait, Duration longest) {
    EXPECT_LE(wait, longest);
    EXPECT_GT(wait, longest - minute / 2);
}

TEST_P(LimiterContract, lets_some_through_and_then_says_how_long_to_wait) {
    const Limit ada{&slow, "ada"};
    EXPECT_EQ(through({ada}), 3);
    for (int i = 0; i < 10; ++i) expect_wait(take({ada}), minute);
    EXPECT_EQ(through({{&slow, "bob"}}), 3) << "everybody has their own";
    EXPECT_EQ(through({{&patient, "ada"}}), 6) << "so has every rule";
}

TEST_P(LimiterContract, lets_no_more_through_of_many_at_once_in_two_processes) {
    EXPECT_EQ(through_at_once({{&slow, "ada"}}, 200), 3);
}

TEST_P(LimiterContract, waits_for_the_strictest_and_counts_nowhere_what_does_not_go_ahead) {
    const Limit strict{&slow, "ada"};
    const Limit lax{&patient, "office"};
    EXPECT_EQ(through({lax, strict}), 3);
    expect_wait(take({strict, lax}), minute);
    EXPECT_EQ(through({lax}), 3) << "three of six are used up, and not one more";
}

TEST_P(LimiterContract, doubles_the_pause_up_to_the_longest) {
    const Limit ada{&quick, "ada"};
    EXPECT_EQ(take({ada}), Duration{0});
    for (const Duration pause : {Duration{200}, Duration{300}, Duration{300}}) {
        const Duration wait_for = take({ada});
        EXPECT_GT(wait_for, Duration{0});
        EXPECT_LE(wait_for, pause);
        wait(wait_for + Duration{5}); // Two clocks, each in whole milliseconds.
        EXPECT_EQ(take({ada}), Duration{0});
        const Duration next = take({ada});
        EXPECT_GT(next, Duration{0});
    }
    EXPECT_GT(take({ada}), Duration{200}) << "it has grown";
}

TEST_P(LimiterContract, forgets_failures_after_their_time) {
    const Limit ada{&fleeting, "ada"};
    EXPECT_EQ(take({ada}), Duration{0});
    EXPECT_GT(take({ada}), Duration{0});
    wait(Duration{250});
    EXPECT_EQ(take({ada}), Duration{0});
}

TEST_P(LimiterContract, takes_a_try_back) {
    const Limit ada{&slow, "ada"};
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(take({ada}), Duration{0});
        give_back({ada, {&patient, "nobody"}});
    }
    EXPECT_EQ(through({ada}), 3);
    EXPECT_EQ(through({{&patient, "nobody"}}), 6) << "no more than there are";
}

TEST_P(LimiterContract, knows_whom_it_has_counted_or_cleared) {
    const Limit ada{&slow, "ada"};
    EXPECT_FALSE(knows(ada));
    clear(ada);
    EXPECT_TRUE(knows(ada));
    EXPECT_FALSE(knows({&patient, "ada"}));
    EXPECT_EQ(through({ada}), 3);
    clear(ada);
    EXPECT_EQ(through({ada}), 3) << "there were no failures";
    EXPECT_TRUE(knows(ada));
}

TEST_P(LimiterContract, stops_at_the_most_failures) {
    const LimitRule stops{
        "stops",
        {.free = 2,
         .first = Duration{1},
         .longest = Duration{1},
         .failures_max = 4,
         .forgotten_after = hour}
    };
    const Limit ada{&stops, "ada"};
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(take({ada}), Duration{0}) << i;
        wait(Duration{5});
    }
    expect_wait(take({ada}), hour);
}

} // namespace
} // namespace backline::contract
