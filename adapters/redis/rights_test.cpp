// At stake: a user of the server who may do everything is one stolen password away from FLUSHALL.
// How: everything that the adapters do, as a user who may do only what docs/adr/0021-redis.md lists.
#include "adapters/redis/bench_test.hpp"
#include "adapters/redis/redis_cache.hpp"
#include "adapters/redis/redis_ended_sessions.hpp"
#include "adapters/redis/redis_limiter.hpp"

namespace backline::redis {
namespace {

using RightsTest = RedisTest;

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words(1);
    for (const char each : text) {
        if (each == ' ') {
            words.emplace_back();
        } else {
            words.back() += each;
        }
    }
    return words;
}

TEST_F(RightsTest, that_are_needed_are_few) {
    start_server(
        words_of("--user shop on >secret ~backline:* "
                 "+ping +select +eval +time +get +getrange +set +del +expire +pexpire +pttl "
                 "+hmget +hset +hget +hincrby +hexists "
                 "+zadd +zremrangebyscore +zunionstore +zcard +zcount +zrange +zscore")
    );
    Settings narrow = settings();
    narrow.user = "shop";
    narrow.password = Secret<std::string>("secret");
    narrow.database = 1;
    bench.connect(narrow);
    const auto forbidden = bench.call({"FLUSHALL"});
    ASSERT_TRUE(forbidden.has_value());
    EXPECT_TRUE(forbidden->is_error("NOPERM"));

    RedisCache cache(bench.runtime, bench.connection(), "cache");
    bench.run(cache.put("key", {1, "old"}, std::chrono::hours{1}));
    EXPECT_TRUE(bench.run(cache.get("key")).has_value());
    bench.run(cache.outdate("key", 2));
    EXPECT_FALSE(bench.run(cache.get("key")).has_value());

    constexpr security::LimitRule rule{
        "rule", {.free = 1, .longest = Duration{5'000}, .forgotten_after = Duration{60'000}}
    };
    RedisLimiter limiter(bench.runtime, bench.connection());
    RedisLimiter other(bench.runtime, bench.connection());
    const security::Limit ada{&rule, "ada"};
    EXPECT_EQ(bench.run(limiter.take({ada})), Duration{0});
    EXPECT_GT(bench.run(other.take({ada})), Duration{0}) << "it is counted on the server";
    bench.run(limiter.give_back({ada}));
    EXPECT_EQ(bench.run(other.take({ada})), Duration{0});
    bench.run(limiter.clear(ada));
    EXPECT_TRUE(bench.run(other.knows(ada)));

    RedisEndedSessions feed(bench.runtime, bench.connection());
    const security::EndedSession ended{"ses_1", bench.runtime.now().utc + Duration{60'000}};
    EXPECT_TRUE(bench.run(feed.restore({ended})));
    EXPECT_TRUE(bench.run(feed.publish(ended)));
    EXPECT_TRUE(bench.run(feed.whole()));
    EXPECT_EQ(bench.run(feed.all()), std::vector<security::EndedSession>{ended});
}

} // namespace
} // namespace backline::redis
