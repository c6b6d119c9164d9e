// At stake: a cache that shows an older state than it has shown before, or lets one be put back, is worse than none.
// How: the same promises of every cache: of one process, and of a real Redis server that is used as nobody else's.
#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/memory/memory_cache.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "adapters/redis/redis_cache.hpp"
#include "platform/async/task_group.hpp"
#include "tests/contract/cache_contract.hpp"
#include "tests/contract/redis_bench.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <map>

namespace backline::contract {
namespace {

using cache::Entry;

class MemoryCacheSetup final : public CacheSetup {
public:
    Runtime& runtime() override { return runtime_; }

    cache::Cache& cache() override { return cache_; }

    void run(Task<> task) override { memory::run(loop_, std::move(task)); }

private:
    memory::VirtualLoop loop_{1};
    memory::VirtualRuntime runtime_{loop_};
    memory::MemoryCache cache_{runtime_};
};

class RedisCacheSetup final : public CacheSetup {
public:
    explicit RedisCacheSetup(const std::string& url) : bench_(url) {}

    Runtime& runtime() override { return bench_.runtime(); }

    cache::Cache& cache() override { return cache_; }

    void run(Task<> task) override { bench_.run(std::move(task)); }

private:
    RedisBench bench_;
    redis::RedisCache cache_{bench_.runtime(), bench_.connection(), "cache"};
};

std::unique_ptr<CacheSetup> over_memory() {
    return std::make_unique<MemoryCacheSetup>();
}

std::unique_ptr<CacheSetup> over_redis() {
    const auto url = test_server("BACKLINE_TEST_REDIS_URL");
    return url ? std::make_unique<RedisCacheSetup>(*url) : nullptr;
}

std::unique_ptr<CacheSetup> over_redis_and_tls() {
    const auto url = test_server("BACKLINE_TEST_REDISS_URL");
    return url ? std::make_unique<RedisCacheSetup>(*url) : nullptr;
}

INSTANTIATE_TEST_SUITE_P(MemoryCache, CacheContract, testing::Values(over_memory));
INSTANTIATE_TEST_SUITE_P(RedisCache, CacheContract, testing::Values(over_redis));
INSTANTIATE_TEST_SUITE_P(RedisCacheOverTls, CacheContract, testing::Values(over_redis_and_tls));

TEST_P(CacheContract, finds_nothing_where_nothing_was_put) {
    EXPECT_EQ(get("key"), std::nullopt);
}

TEST_P(CacheContract, finds_what_was_put_whatever_it_is) {
    const std::string strange("\0\r\n*3\r\n$\xff", 9);
    for (const std::string& bytes : {std::string(), strange, std::string(200'000, 'x')}) {
        put(strange + "key", 7, bytes);
        EXPECT_EQ(get(strange + "key"), (Entry{7, bytes}));
        EXPECT_EQ(get("key"), std::nullopt);
    }
}

TEST_P(CacheContract, keeps_the_newest_of_all_versions_there_are) {
    constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t version :
         {lowest,
          std::int64_t{-1},
          std::int64_t{0},
          std::int64_t{1},
          std::int64_t{9},
          std::int64_t{10},
          highest - 1,
          highest}) {
        put("key", version, "newer");
        EXPECT_EQ(get("key"), (Entry{version, "newer"}));
        if (version == lowest) continue;
        put("key", version - 1, "older");
        EXPECT_EQ(get("key"), (Entry{version, "newer"}));
    }
}

TEST_P(CacheContract, replaces_what_has_the_same_version) {
    put("key", 3, "one");
    put("key", 3, "two");
    EXPECT_EQ(get("key"), (Entry{3, "two"}));
}

TEST_P(CacheContract, forgets_what_is_outdated_and_takes_no_such_thing_back) {
    put("key", 3, "old");
    outdate("key", 4);
    EXPECT_EQ(get("key"), std::nullopt);
    put("key", 3, "old");
    EXPECT_EQ(get("key"), std::nullopt) << "read from the source before it changed";
    put("key", 4, "new");
    EXPECT_EQ(get("key"), (Entry{4, "new"}));
}

TEST_P(CacheContract, takes_nothing_back_where_nothing_was) {
    outdate("key", 4);
    put("key", 3, "old");
    EXPECT_EQ(get("key"), std::nullopt);
}

TEST_P(CacheContract, keeps_what_is_not_outdated) {
    put("key", 4, "new");
    outdate("key", 3);
    outdate("key", 4);
    outdate("key", std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(get("key"), (Entry{4, "new"}));
}

TEST_P(CacheContract, keeps_something_for_its_time_only) {
    put("stays", 1, "stays");
    put("goes", 1, "goes", Duration{100});
    EXPECT_EQ(get("goes"), (Entry{1, "goes"}));
    EXPECT_TRUE(eventually_gone("goes"));
    EXPECT_EQ(get("stays"), (Entry{1, "stays"}));
    put("goes", 0, "older");
    EXPECT_EQ(get("goes"), (Entry{0, "older"})) << "nothing is left of what was there";
}

Task<> put_at_once(cache::Cache& cache) {
    TaskGroup group;
    for (std::int64_t i = 0; i < 200; ++i) {
        const std::int64_t version = (i * 37) % 200;
        const Entry entry{version, std::to_string(version)};
        group.spawn(cache.put("key", entry, std::chrono::hours{1}));
    }
    co_await group.join();
}

TEST_P(CacheContract, keeps_the_newest_of_many_at_once) {
    run(put_at_once(setup().cache()));
    EXPECT_EQ(get("key"), (Entry{199, "199"}));
}

/// What a cache of unbounded size and time would hold.
struct Model {
    std::map<std::string, std::pair<std::int64_t, std::optional<std::string>>> slots;

    void put(const std::string& key, std::int64_t version, const std::string& bytes) {
        const auto there = slots.find(key);
        if (there == slots.end() || there->second.first <= version) slots[key] = {version, bytes};
    }

    void outdate(const std::string& key, std::int64_t version) {
        const auto there = slots.find(key);
        if (there == slots.end() || there->second.first < version) slots[key] = {version, {}};
    }

    std::optional<Entry> get(const std::string& key) {
        const auto there = slots.find(key);
        if (there == slots.end() || !there->second.second) return std::nullopt;
        return Entry{there->second.first, *there->second.second};
    }
};

TEST_P(CacheContract, does_what_a_map_would_in_any_order) {
    int run_number = 0;
    const bool same = rc::check([&] {
        const std::string prefix = std::to_string(run_number++);
        Model model;
        const auto steps = *rc::gen::inRange(0, 40);
        for (int i = 0; i < steps; ++i) {
            const std::string key = prefix + (*rc::gen::arbitrary<bool>() ? "a" : "b");
            const auto version = *rc::gen::inRange<std::int64_t>(-3, 4);
            if (*rc::gen::inRange(0, 3) == 0) {
                model.outdate(key, version);
                outdate(key, version);
            } else {
                model.put(key, version, std::to_string(i));
                put(key, version, std::to_string(i));
            }
            RC_ASSERT(get(key) == model.get(key));
        }
    });
    EXPECT_TRUE(same);
}

} // namespace
} // namespace backline::contract
