// At stake: a Redis that is away, flushed or written to by somebody else must open no way to guess passwords.
// How: a server of the test's own. What every limiter promises is in tests/contract.
#include "adapters/redis/bench_test.hpp"
#include "adapters/redis/redis_limiter.hpp"

namespace backline::redis {
namespace {

using security::Limit;
using security::LimitRule;

constexpr LimitRule rule{
    "rule",
    {.free = 3,
     .longest = std::chrono::minutes{5},
     .failures_max = 10,
     .forgotten_after = std::chrono::hours{24}}
};
const Limit ada{&rule, "ada@example.com"};

class RedisLimiterTest : public RedisTest {
protected:
    void SetUp() override {
        RedisTest::SetUp();
        if (!server) return;
        bench.connect(settings());
        limiter.emplace(bench.runtime, bench.connection());
    }

    Duration take() { return bench.run(limiter->take({ada})); }

    int through() {
        int count = 0;
        while (take() == Duration{0}) ++count;
        return count;
    }

    std::vector<std::string> keys() {
        std::vector<std::string> names;
        const auto reply = bench.call({"KEYS", "*"});
        for (const Reply& key : reply->items) names.push_back(key.text);
        return names;
    }

    std::optional<RedisLimiter> limiter;
};

TEST_F(RedisLimiterTest, counts_for_itself_while_the_server_is_away) {
    server->kill();
    EXPECT_EQ(through(), 3);
    EXPECT_TRUE(bench.run(limiter->knows(ada)));
    bench.run(limiter->clear(ada));
    EXPECT_EQ(through(), 3);
    bench.run(limiter->give_back({ada}));
    EXPECT_EQ(through(), 1);
}

TEST_F(RedisLimiterTest, lets_no_guess_through_a_server_that_freezes) {
    bench.connect(impatient());
    limiter.emplace(bench.runtime, bench.connection());
    server->freeze();
    EXPECT_EQ(through(), 3);
    server->thaw();
}

TEST_F(RedisLimiterTest, begins_to_count_again_after_a_flush) {
    EXPECT_EQ(through(), 3);
    bench.call({"FLUSHALL"});
    bench.call({"SCRIPT", "FLUSH"});
    EXPECT_EQ(through(), 3);
}

TEST_F(RedisLimiterTest, counts_in_place_of_what_it_does_not_know) {
    take();
    const std::string key = keys().at(0);
    for (const Command& garbage : std::vector<Command>{
             {"SET", key, "garbage"},
             {"LPUSH", key, "a"},
             {"HSET", key, "failures", "many", "at", "once"},
             {"HSET", key, "failures", "-", "at", "1e400"},
             {"HSET", key, "other", "1"},
         }) {
        bench.call({"DEL", key});
        bench.call(garbage);
        EXPECT_LE(through(), 3) << garbage[0] << " " << garbage[2];
        EXPECT_GT(take(), Duration{0});
    }
}

TEST_F(RedisLimiterTest, waits_no_longer_than_the_rule_says_for_a_clock_that_jumped_back) {
    EXPECT_EQ(through(), 3);
    bench.call({"HSET", keys().at(0), "at", "99999999999999"});
    EXPECT_LE(take(), Duration{1'000});
}

TEST_F(RedisLimiterTest, writes_nobody_s_name_and_keeps_nothing_for_ever) {
    take();
    bench.run(limiter->clear({&rule, "known"}));
    const auto names = keys();
    ASSERT_EQ(names.size(), 2U);
    for (const std::string& name : names) {
        EXPECT_EQ(name.find("ada"), std::string::npos);
        const auto lives_for = bench.call({"PTTL", name});
        EXPECT_GT(lives_for->integer, 0);
        EXPECT_LE(lives_for->integer, Duration{std::chrono::hours{24 * 30}}.count());
    }
}

TEST_F(RedisLimiterTest, counts_for_itself_in_a_server_that_is_full) {
    bench.call({"CONFIG", "SET", "maxmemory", "1"});
    EXPECT_EQ(through(), 3);
}

} // namespace
} // namespace backline::redis
