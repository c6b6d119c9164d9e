// At stake: a Redis that is slow or gone must cost the shop a few milliseconds, and never give an answer that is meant
// for somebody else.
// How: a server of the test's own in real time, frozen, killed and started again while every command asks for words
// that only it can be answered with.
#include "adapters/redis/bench_test.hpp"
#include "platform/async/task_group.hpp"

#include <algorithm>

namespace backline::redis {
namespace {

constexpr Duration patience{50};
/// What a busy machine may add.
constexpr Duration tolerance{250};

using ConnectionTest = RedisTest;

struct Tally {
    int right = 0;
    int wrong = 0;
    int none = 0;
    Duration longest{0};
};

Task<> ask(Bench& bench, std::string words, Tally& tally) {
    const Duration begun = bench.clock();
    Command command{"ECHO", words};
    const std::optional<Reply> reply = co_await bench.connection().call(std::move(command));
    tally.longest = std::max(tally.longest, bench.clock() - begun);
    if (!reply) {
        ++tally.none;
    } else {
        ++(reply->text == words ? tally.right : tally.wrong);
    }
}

Task<> ask_many(Bench& bench, int count, Tally& tally) {
    TaskGroup group;
    for (int i = 0; i < count; ++i) group.spawn(ask(bench, std::to_string(i), tally));
    co_await group.join();
}

/// One after the other, for so long.
Task<> ask_for(Bench& bench, Duration duration, Tally& tally) {
    const Duration end = bench.clock() + duration;
    for (int i = 0; bench.clock() < end; ++i) {
        co_await ask(bench, std::to_string(i), tally);
        co_await sleep_for(bench.runtime, Duration{1});
    }
}

TEST_F(ConnectionTest, answers_each_of_many_at_once_with_its_own) {
    bench.connect(settings());
    Tally tally;
    for (int round = 0; round < 5; ++round) bench.run(ask_many(bench, 1'000, tally));
    EXPECT_EQ(tally.right, 5'000);
    EXPECT_EQ(bench.told, std::vector<std::string>{""});
}

TEST_F(ConnectionTest, carries_any_bytes_of_any_size) {
    bench.connect(settings());
    std::string bytes;
    for (unsigned i = 0; i < 1'000'000; ++i) bytes += static_cast<char>(i * i);
    for (const std::string& words : {std::string(), std::string("\0\r\n$-1\r\n", 8), bytes}) {
        const auto reply = bench.call({"ECHO", words});
        ASSERT_TRUE(reply.has_value());
        EXPECT_EQ(reply->text, words);
    }
}

TEST_F(ConnectionTest, waits_for_no_frozen_server_and_gives_nobody_a_late_answer) {
    Settings trusting = impatient();
    trusting.hangs_after = std::chrono::seconds{30};
    bench.connect(trusting);
    server->freeze();
    Tally frozen;
    bench.run(ask_many(bench, 3, frozen));
    EXPECT_EQ(frozen.none, 3);
    EXPECT_GE(frozen.longest, patience);
    EXPECT_LE(frozen.longest, patience + tolerance);
    server->thaw();
    Tally thawed;
    bench.run(ask_many(bench, 100, thawed));
    EXPECT_EQ(thawed.wrong, 0) << "the late answers came on the same connection";
    EXPECT_EQ(bench.told, std::vector<std::string>{""});
    EXPECT_TRUE(bench.eventually([this] { return bench.call({"PING"}).has_value(); }));
}

TEST_F(ConnectionTest, stops_asking_a_server_that_does_not_answer_until_it_does) {
    bench.connect(impatient());
    server->freeze();
    Tally frozen;
    bench.run(ask_for(bench, std::chrono::seconds{2}, frozen));
    EXPECT_EQ(frozen.right + frozen.wrong, 0);
    EXPECT_LE(frozen.longest, patience + tolerance);
    EXPECT_GT(frozen.none, 100) << "all but a few were refused at once";
    server->thaw();
    EXPECT_TRUE(bench.eventually([this] { return bench.connection().up(); }));
    Tally thawed;
    bench.run(ask_many(bench, 100, thawed));
    EXPECT_GT(thawed.right, 0);
    EXPECT_EQ(thawed.wrong, 0);
    EXPECT_EQ(bench.told.back(), "");
    EXPECT_GE(bench.told.size(), 3U) << "it was told that it went and came";
}

TEST_F(ConnectionTest, leaves_a_connection_that_hangs_for_a_new_one) {
    Settings hasty = settings();
    hasty.answers_within = Duration{1'000};
    bench.connect(hasty);
    const auto id = bench.call({"CLIENT", "ID"});
    ASSERT_TRUE(id.has_value());
    server->freeze();
    const auto unanswered = bench.call({"PING"});
    EXPECT_FALSE(unanswered.has_value());
    EXPECT_TRUE(bench.eventually([this] { return !bench.connection().up(); }));
    server->thaw();
    EXPECT_TRUE(bench.eventually([this] { return bench.connection().up(); }));
    const auto other = bench.call({"CLIENT", "ID"});
    ASSERT_TRUE(other.has_value());
    EXPECT_GT(other->integer, id->integer);
}

TEST_F(ConnectionTest, comes_back_when_the_server_does) {
    bench.connect(settings());
    for (int round = 0; round < 3; ++round) {
        server->kill();
        Tally killed;
        bench.run(ask_many(bench, 100, killed));
        EXPECT_EQ(killed.none, 100);
        EXPECT_LT(killed.longest, settings().answers_within) << "a lost connection is no silence";
        server->start();
        EXPECT_TRUE(bench.eventually([this] { return bench.connection().up(); }));
        Tally back;
        bench.run(ask_many(bench, 100, back));
        EXPECT_EQ(back.right, 100);
    }
}

TEST_F(ConnectionTest, begins_without_a_server) {
    server->kill();
    bench.begin(settings());
    EXPECT_FALSE(bench.call({"PING"}).has_value());
    server->start();
    EXPECT_TRUE(bench.eventually([this] { return bench.connection().up(); }));
}

Task<> stop_in_the_middle(Bench& bench, Tally& tally) {
    TaskGroup group;
    for (int i = 0; i < 10; ++i) group.spawn(ask(bench, std::to_string(i), tally));
    co_await bench.connection().stop();
    co_await group.join();
}

TEST_F(ConnectionTest, answers_all_with_nothing_when_it_stops) {
    bench.connect(settings());
    server->freeze();
    Tally tally;
    bench.run(stop_in_the_middle(bench, tally));
    EXPECT_EQ(tally.none, 10);
    EXPECT_LT(tally.longest, settings().answers_within);
    server->thaw();
}

TEST_F(ConnectionTest, takes_no_more_than_its_bound_at_once) {
    Settings narrow = settings();
    narrow.in_flight_max = 10;
    bench.connect(narrow);
    Tally tally;
    bench.run(ask_many(bench, 25, tally));
    EXPECT_EQ(tally.right, 10);
    EXPECT_EQ(tally.none, 15);
}

TEST_F(ConnectionTest, drops_an_answer_that_is_too_large_and_goes_on) {
    Settings narrow = settings();
    narrow.reply_bytes_max = 100'000;
    bench.connect(narrow);
    EXPECT_TRUE(bench.call({"SET", "large", std::string(1'000'000, 'x')}).has_value());
    EXPECT_FALSE(bench.call({"GET", "large"}).has_value());
    EXPECT_TRUE(bench.eventually([this] { return bench.connection().up(); }));
    EXPECT_TRUE(bench.call({"PING"}).has_value());
}

TEST_F(ConnectionTest, logs_in_as_a_user_and_selects_its_database) {
    start_server({"--user", "shop", "on", ">secret", "~*", "+@all", "--user", "default", "off"});
    Settings wrong = settings();
    wrong.user = "shop";
    wrong.password = Secret<std::string>("guess");
    bench.begin(wrong);
    EXPECT_TRUE(bench.eventually([this] { return !bench.told.empty(); }));
    EXPECT_TRUE(bench.told.back().starts_with("WRONGPASS")) << bench.told.back();
    EXPECT_FALSE(bench.connection().up());

    Settings right = wrong;
    right.password = Secret<std::string>("secret");
    right.database = 3;
    bench.connect(right);
    const auto client = bench.call({"CLIENT", "INFO"});
    ASSERT_TRUE(client.has_value());
    EXPECT_NE(client->text.find("db=3 "), std::string::npos) << client->text;
    EXPECT_NE(client->text.find("user=shop "), std::string::npos) << client->text;
}

} // namespace
} // namespace backline::redis
