// At stake: a process that starts after a session has ended would let its tokens in; a list that was flushed would tell
// it that all is well.
// How: a server of the test's own, flushed, filled by somebody else and killed; pages of three.
#include "adapters/redis/bench_test.hpp"
#include "adapters/redis/redis_ended_sessions.hpp"

#include <gmock/gmock.h>

namespace backline::redis {
namespace {

using security::EndedSession;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

constexpr Duration minute = std::chrono::minutes{1};

class RedisEndedSessionsTest : public RedisTest {
protected:
    void SetUp() override {
        RedisTest::SetUp();
        if (!server) return;
        bench.connect(settings());
        feed.emplace(bench.runtime, bench.connection(), 3);
    }

    /// A session that matters for so much longer.
    EndedSession ended(const std::string& name, Duration longer = minute) {
        return {"ses_" + name, bench.runtime.now().utc + longer};
    }

    std::vector<EndedSession> some(int count) {
        std::vector<EndedSession> sessions;
        for (int i = 0; i < count; ++i) sessions.push_back(ended(std::to_string(i), i * minute));
        return sessions;
    }

    bool publish(EndedSession one) { return bench.run(feed->publish(std::move(one))); }

    bool restore(std::vector<EndedSession> all) { return bench.run(feed->restore(std::move(all))); }

    bool whole() { return bench.run(feed->whole()); }

    std::optional<std::vector<EndedSession>> all() { return bench.run(feed->all()); }

    std::optional<RedisEndedSessions> feed;
};

TEST_F(RedisEndedSessionsTest, is_not_whole_until_it_was_restored) {
    EXPECT_FALSE(whole());
    EXPECT_TRUE(publish(ended("one")));
    EXPECT_FALSE(whole());
    EXPECT_EQ(all(), std::nullopt);
    const EndedSession two = ended("two");
    EXPECT_TRUE(restore({two}));
    EXPECT_TRUE(whole());
    ASSERT_TRUE(all().has_value());
    EXPECT_EQ(all()->size(), 2U);
    EXPECT_THAT(*all(), testing::Contains(two));
}

TEST_F(RedisEndedSessionsTest, is_whole_when_nothing_has_ended) {
    EXPECT_TRUE(restore({}));
    EXPECT_TRUE(whole());
    EXPECT_EQ(all(), std::vector<EndedSession>{});
}

TEST_F(RedisEndedSessionsTest, is_read_and_restored_in_any_number_of_pages) {
    for (const int count : {1, 2, 3, 4, 5, 6, 20}) {
        bench.call({"FLUSHALL"});
        auto sessions = some(count + 1);
        sessions.erase(sessions.begin()); // It matters no more.
        EXPECT_TRUE(restore(sessions));
        ASSERT_TRUE(all().has_value()) << count;
        EXPECT_THAT(*all(), UnorderedElementsAreArray(sessions)) << count;
    }
    const auto keys = bench.call({"DBSIZE"});
    EXPECT_EQ(keys->integer, 1) << "nothing that was staged is left";
}

TEST_F(RedisEndedSessionsTest, keeps_the_later_end_and_what_is_published_after) {
    const EndedSession sooner = ended("one");
    const EndedSession later = ended("one", 2 * minute);
    const EndedSession other = ended("other");
    EXPECT_TRUE(restore({later, sooner}));
    EXPECT_TRUE(publish(sooner));
    EXPECT_TRUE(publish(other));
    EXPECT_TRUE(restore({sooner}));
    ASSERT_TRUE(all().has_value());
    EXPECT_THAT(*all(), UnorderedElementsAre(later, other));
}

TEST_F(RedisEndedSessionsTest, forgets_what_matters_no_more) {
    EXPECT_TRUE(restore({ended("past", -minute)}));
    EXPECT_TRUE(publish(ended("past too", -minute)));
    EXPECT_EQ(all(), std::vector<EndedSession>{});
    const auto size = bench.call({"ZCARD", "backline:ended_sessions"});
    EXPECT_EQ(size->integer, 1) << "the mark";
}

TEST_F(RedisEndedSessionsTest, says_that_it_was_flushed) {
    EXPECT_TRUE(restore(some(5)));
    bench.call({"FLUSHALL"});
    EXPECT_FALSE(whole());
    EXPECT_EQ(all(), std::nullopt);
    EXPECT_TRUE(publish(ended("one")));
    EXPECT_EQ(all(), std::nullopt) << "one of them is not all";
    EXPECT_TRUE(restore(some(5)));
    EXPECT_TRUE(whole());
}

/// Flushes the server as soon as something is staged.
Task<> flush_in_the_middle(Bench& bench, bool& flushed) {
    while (!flushed) {
        Command size{"DBSIZE"};
        const std::optional<Reply> keys = co_await bench.connection().call(std::move(size));
        Command flush{"FLUSHALL"};
        if (!keys || keys->integer == 0) continue;
        co_await bench.connection().call(std::move(flush));
        flushed = true;
    }
}

Task<> restore_into(RedisEndedSessions& feed, std::vector<EndedSession> all, bool& restored) {
    restored = co_await feed.restore(std::move(all));
}

Task<> at_once(Task<> one, Task<> other) {
    TaskGroup group;
    group.spawn(std::move(one));
    group.spawn(std::move(other));
    co_await group.join();
}

TEST_F(RedisEndedSessionsTest, is_not_whole_after_a_flush_in_the_middle_of_a_restoration) {
    bool flushed = false;
    bool restored = true;
    bench.run(at_once(flush_in_the_middle(bench, flushed), restore_into(*feed, some(300), restored))
    );
    EXPECT_TRUE(flushed);
    EXPECT_FALSE(restored);
    EXPECT_FALSE(whole());
}

TEST_F(RedisEndedSessionsTest, replaces_what_it_does_not_know) {
    const std::string key = "backline:ended_sessions";
    for (const Command& garbage : std::vector<Command>{
             {"SET", key, "garbage"},
             {"LPUSH", key, "a"},
             {"ZADD", key, "7", "not of ours"},
         }) {
        bench.call({"DEL", key});
        bench.call(garbage);
        EXPECT_FALSE(whole()) << garbage[0];
        EXPECT_EQ(all(), std::nullopt) << garbage[0];
        const EndedSession one = ended("one");
        EXPECT_TRUE(restore({one})) << garbage[0];
        EXPECT_EQ(all(), std::vector<EndedSession>{one}) << garbage[0];
    }
}

TEST_F(RedisEndedSessionsTest, takes_and_tells_nothing_while_the_server_is_away_or_full) {
    EXPECT_TRUE(restore(some(5)));
    bench.call({"CONFIG", "SET", "maxmemory", "1"});
    EXPECT_FALSE(publish(ended("one")));
    EXPECT_FALSE(restore(some(5)));
    EXPECT_TRUE(whole()) << "what is there is there";
    server->kill();
    EXPECT_FALSE(publish(ended("one")));
    EXPECT_FALSE(restore({}));
    EXPECT_FALSE(whole());
    EXPECT_EQ(all(), std::nullopt);
}

} // namespace
} // namespace backline::redis
