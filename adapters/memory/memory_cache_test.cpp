// At stake: a cache that grows without end, or forgets what everybody asks for.
// How: more keys than it has room for. What every cache promises is in tests/contract.
#include "adapters/memory/memory_cache.hpp"
#include "adapters/memory/virtual_loop.hpp"

#include <gtest/gtest.h>

namespace backline::memory {
namespace {

TEST(MemoryCache, forgets_what_was_not_asked_for_the_longest) {
    VirtualLoop loop(1);
    VirtualRuntime runtime(loop);
    MemoryCache cache(runtime, 3);
    const Duration hour = std::chrono::hours{1};
    for (const char* key : {"a", "b", "c"}) run(loop, cache.put(key, {1, key}, hour));
    EXPECT_TRUE(run(loop, cache.get("a")).has_value());
    run(loop, cache.put("d", {1, "d"}, hour));
    run(loop, cache.put("c", {2, "C"}, hour));
    run(loop, cache.outdate("e", 1));
    EXPECT_EQ(cache.size(), 3U);
    EXPECT_FALSE(run(loop, cache.get("a")).has_value());
    EXPECT_FALSE(run(loop, cache.get("b")).has_value());
    EXPECT_EQ(run(loop, cache.get("c")), (cache::Entry{2, "C"}));
    EXPECT_EQ(run(loop, cache.get("d")), (cache::Entry{1, "d"}));
}

} // namespace
} // namespace backline::memory
