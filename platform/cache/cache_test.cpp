// At stake: entries that all expire at once, many rebuilds of one page at once, and a rebuild that fails for ever.
// How: counted rebuilds on virtual time, over the cache of one process.
#include "adapters/memory/memory_cache.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "platform/async/task_group.hpp"
#include "platform/cache/rebuilding.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace backline::cache {
namespace {

constexpr Duration hour = std::chrono::hours{1};

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

/// A source of one value, which takes its time and may fail.
struct Source {
    Runtime& runtime;
    Entry now{1, "one"};
    int reads = 0;
    int failures_left = 0;

    Task<Entry> read() {
        ++reads;
        const Entry seen = now;
        co_await sleep_for(runtime, Duration{10});
        if (failures_left-- > 0) throw std::runtime_error("the source is away");
        co_return seen;
    }
};

class RebuildingTest : public testing::Test {
protected:
    Task<> ask(std::string key) {
        std::string answer;
        try {
            const Entry entry =
                co_await rebuilding.cached(std::move(key), hour, [this] { return source.read(); });
            answer = entry.bytes;
        } catch (const std::runtime_error& failure) {
            answer = failure.what();
        }
        answers.push_back(answer);
    }

    Task<> ask_at_once(int times) {
        TaskGroup group;
        for (int i = 0; i < times; ++i) group.spawn(ask("key"));
        co_await group.join();
    }

    /// The source changes while somebody reads it; then somebody else asks.
    Task<> change_during_a_rebuild() {
        TaskGroup group;
        group.spawn(ask("key"));
        co_await turn(runtime);
        source.now = {2, "two"};
        co_await rebuilding.outdate("key", 2);
        group.spawn(ask("key"));
        co_await group.join();
        co_await ask("key");
    }

    void run(Task<> task) { memory::run(loop, std::move(task)); }

    memory::VirtualLoop loop{1};
    memory::VirtualRuntime runtime{loop};
    memory::MemoryCache cache{runtime};
    Rebuilding rebuilding{runtime, cache};
    Source source{runtime};
    std::vector<std::string> answers;
};

TEST_F(RebuildingTest, rebuilds_once_however_many_ask) {
    run(ask_at_once(1'000));
    EXPECT_EQ(source.reads, 1);
    EXPECT_EQ(answers, std::vector<std::string>(1'000, "one"));
    run(ask_at_once(5));
    EXPECT_EQ(source.reads, 1) << "it is in the cache";
}

TEST_F(RebuildingTest, rebuilds_other_keys_beside) {
    run(ask("key"));
    run(ask("other"));
    EXPECT_EQ(source.reads, 2);
}

TEST_F(RebuildingTest, tells_everybody_of_a_failure_and_begins_anew) {
    source.failures_left = 1;
    run(ask_at_once(10));
    EXPECT_EQ(answers, std::vector<std::string>(10, "the source is away"));
    EXPECT_EQ(source.reads, 1);
    answers.clear();
    run(ask_at_once(10));
    EXPECT_EQ(answers, std::vector<std::string>(10, "one"));
    EXPECT_EQ(source.reads, 2);
}

TEST_F(RebuildingTest, gives_nobody_who_asks_later_what_was_read_before_a_change) {
    run(change_during_a_rebuild());
    EXPECT_EQ(answers, (std::vector<std::string>{"one", "two", "two"}));
    EXPECT_EQ(source.reads, 2);
}

} // namespace
} // namespace backline::cache
