// At stake: the shop has to work, slower, whatever happens to its cache: flushed, full, or filled by somebody else.
// How: a server of the test's own, to which another hand writes beside the cache. What every cache promises is in
// tests/contract.
#include "adapters/redis/bench_test.hpp"
#include "adapters/redis/redis_cache.hpp"

namespace backline::redis {
namespace {

using cache::Entry;

constexpr Duration hour = std::chrono::hours{1};

class RedisCacheTest : public RedisTest {
protected:
    void SetUp() override {
        RedisTest::SetUp();
        if (!server) return;
        bench.connect(settings());
        cache.emplace(bench.runtime, bench.connection(), "cache");
    }

    std::optional<Entry> get(const std::string& key) { return bench.run(cache->get(key)); }

    void put(const std::string& key, Entry entry) {
        bench.run(cache->put(key, std::move(entry), hour));
    }

    std::optional<RedisCache> cache;
};

TEST_F(RedisCacheTest, takes_what_it_does_not_know_for_nothing_and_writes_over_it) {
    const std::string key = "backline:cache:key";
    const std::string head(20, '9');
    for (const Command& garbage : std::vector<Command>{
             {"SET", key, ""},
             {"SET", key, "garbage"},
             {"SET", key, "v123"},
             {"SET", key, "v" + std::string(20, 'x') + "bytes"},
             {"SET", key, "w" + head + "bytes"},
             {"SET", key, "v" + head.substr(1)},
             {"SET", key, "v " + head.substr(1) + "bytes"},
             {"LPUSH", key, "a", "b"},
             {"HSET", key, "a", "b"},
             {"ZADD", key, "1", "a"},
             {"XADD", key, "*", "a", "b"},
         }) {
        bench.call({"DEL", key});
        const auto placed = bench.call(garbage);
        ASSERT_TRUE(placed && placed->kind != Reply::Kind::error);
        EXPECT_EQ(get("key"), std::nullopt) << garbage[0] << " " << garbage[2];
        put("key", {1, "ours"});
        EXPECT_EQ(get("key"), (Entry{1, "ours"})) << garbage[0] << " " << garbage[2];
    }
}

TEST_F(RedisCacheTest, is_an_empty_cache_after_a_flush) {
    put("key", {9, "before"});
    bench.call({"FLUSHALL"});
    bench.call({"SCRIPT", "FLUSH"});
    EXPECT_EQ(get("key"), std::nullopt);
    put("key", {1, "after"});
    EXPECT_EQ(get("key"), (Entry{1, "after"}));
}

TEST_F(RedisCacheTest, keeps_nothing_new_in_a_server_that_is_full) {
    put("old", {1, "old"});
    bench.call({"CONFIG", "SET", "maxmemory", "1"});
    put("new", {1, "new"});
    put("old", {2, "newer"});
    EXPECT_EQ(get("new"), std::nullopt);
    EXPECT_EQ(get("old"), (Entry{1, "old"}));
    EXPECT_TRUE(bench.connection().up()) << "that it is full is no reason not to read it";
    bench.call({"CONFIG", "SET", "maxmemory", "0"});
    put("new", {1, "new"});
    EXPECT_EQ(get("new"), (Entry{1, "new"}));
}

TEST_F(RedisCacheTest, is_an_empty_cache_while_the_server_is_away) {
    put("key", {1, "before"});
    server->kill();
    EXPECT_EQ(get("key"), std::nullopt);
    put("key", {2, "meanwhile"});
    bench.run(cache->outdate("key", 3));
    server->start();
    EXPECT_TRUE(bench.eventually([this] { return bench.connection().up(); }));
    EXPECT_EQ(get("key"), std::nullopt);
    put("key", {1, "after"});
    EXPECT_EQ(get("key"), (Entry{1, "after"}));
}

TEST_F(RedisCacheTest, leaves_no_entry_for_ever) {
    put("key", {1, "bytes"});
    bench.run(cache->outdate("other", 1));
    const auto kept = bench.call({"PTTL", "backline:cache:key"});
    const auto outdated = bench.call({"PTTL", "backline:cache:other"});
    ASSERT_TRUE(kept && outdated);
    EXPECT_GT(kept->integer, (hour * 8 / 10).count());
    EXPECT_LE(kept->integer, (hour * 11 / 10).count());
    EXPECT_GT(outdated->integer, 0);
    EXPECT_LE(outdated->integer, cache::outdated_for.count());
}

TEST_F(RedisCacheTest, keeps_nothing_that_is_too_large_and_nothing_older_in_its_place) {
    RedisCache narrow(bench.runtime, bench.connection(), "cache", 10);
    put("key", {1, "old"});
    bench.run(narrow.put("key", {2, std::string(11, 'x')}, hour));
    EXPECT_EQ(get("key"), std::nullopt);
    bench.run(narrow.put("key", {2, std::string(10, 'x')}, hour));
    EXPECT_EQ(get("key"), (Entry{2, std::string(10, 'x')}));
}

TEST_F(RedisCacheTest, shares_a_server_with_other_caches) {
    RedisCache other(bench.runtime, bench.connection(), "other");
    put("key", {1, "ours"});
    EXPECT_EQ(bench.run(other.get("key")), std::nullopt);
}

} // namespace
} // namespace backline::redis
