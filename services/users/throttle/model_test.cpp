// At stake: passwords that are found by trying, owners who are locked out by those who try, and memory without end.
// Tested by scripts of many tries on a clock that the test moves.
#include "services/users/throttle/model.hpp"

#include <gtest/gtest.h>

#include <string>

namespace backline::users {

namespace {

constexpr Monotonic start{};
constexpr Duration day = std::chrono::hours{24};

std::string name(const char* what, int number) {
    return what + std::to_string(number);
}

/// How many tries get through until `end` to somebody who tries again as soon as they may.
int tries_until(LogInThrottle& throttle, const Try& attempt, Monotonic end) {
    int through = 0;
    Monotonic now = start;
    while (now < end) {
        const Duration wait = throttle.take(attempt, now);
        through += wait == Duration{0} ? 1 : 0;
        now = now + wait;
    }
    return through;
}

} // namespace

TEST(LogInThrottle, lets_nobody_wait_for_a_slip) {
    LogInThrottle throttle;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(throttle.take({"ada", "here"}, start), Duration{0});
    EXPECT_EQ(throttle.take({"ada", "here"}, start), Duration{1'000});
}

TEST(LogInThrottle, doubles_the_pause_after_each_failure) {
    LogInThrottle throttle;
    Monotonic now = start;
    for (int i = 0; i < 5; ++i) throttle.take({"ada", "here"}, now);
    Duration expected{1'000};
    for (int i = 0; i < 12; ++i) {
        EXPECT_EQ(throttle.take({"ada", "here"}, now), expected);
        EXPECT_EQ(throttle.take({"ada", "here"}, now), expected) << "asking costs nothing";
        now = now + expected;
        EXPECT_EQ(throttle.take({"ada", "here"}, now), Duration{0});
        expected = std::min(expected * 2, Duration{std::chrono::minutes{5}});
    }
}

TEST(LogInThrottle, stops_at_a_hundred_failures) {
    LogInThrottle throttle;
    EXPECT_EQ(tries_until(throttle, {"ada", "here"}, start + day), 100);
    const Monotonic later = start + day * 3;
    EXPECT_EQ(throttle.take({"ada", "here"}, later), Duration{0}) << "it is forgotten";
}

TEST(LogInThrottle, is_not_fooled_by_many_at_once_or_from_everywhere) {
    LogInThrottle throttle;
    int through = 0;
    for (int i = 0; i < 10'000; ++i) {
        through += throttle.take({"ada", name("address", i)}, start) == Duration{0} ? 1 : 0;
    }
    EXPECT_EQ(through, 5);
}

TEST(LogInThrottle, slows_down_a_client_that_tries_many_accounts) {
    LogInThrottle throttle;
    int through = 0;
    for (int i = 0; i < 10'000; ++i) {
        const Monotonic now = start + Duration{i * 100};
        through += throttle.take({name("account", i), "here"}, now) == Duration{0} ? 1 : 0;
    }
    EXPECT_GT(through, 20);
    EXPECT_LT(through, 50);
    EXPECT_EQ(throttle.take({"account", "elsewhere"}, start), Duration{0});
}

TEST(LogInThrottle, lets_the_owner_in_where_they_were_before) {
    LogInThrottle throttle;
    throttle.take({"ada", "home"}, start);
    throttle.succeeded({"ada", "home"}, start);
    for (int i = 0; i < 1'000; ++i) throttle.take({"ada", name("address", i)}, start);
    EXPECT_GT(throttle.take({"ada", "elsewhere"}, start), Duration{0});
    EXPECT_EQ(throttle.take({"ada", "home"}, start), Duration{0});
    throttle.succeeded({"ada", "home"}, start);
    EXPECT_GT(throttle.take({"ada", "elsewhere"}, start), Duration{0}) << "nobody else gains by it";
}

TEST(LogInThrottle, counts_guesses_from_where_the_owner_was_before) {
    LogInThrottle throttle;
    throttle.take({"ada", "home"}, start);
    throttle.succeeded({"ada", "home"}, start);
    EXPECT_EQ(tries_until(throttle, {"ada", "home"}, start + day), 100);
}

TEST(LogInThrottle, does_not_let_a_client_wash_itself_clean_with_an_account_of_its_own) {
    LogInThrottle throttle;
    int through = 0;
    for (int i = 0; i < 1'000; ++i) {
        const bool own = throttle.take({"eve", "here"}, start) == Duration{0};
        if (own) throttle.succeeded({"eve", "here"}, start);
        through += throttle.take({name("account", i), "here"}, start) == Duration{0} ? 1 : 0;
    }
    EXPECT_EQ(through, 20);
}

TEST(LogInThrottle, counts_nothing_when_the_password_was_not_looked_at) {
    LogInThrottle throttle;
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(throttle.take({"ada", "here"}, start), Duration{0});
        throttle.give_back({"ada", "here"});
    }
}

TEST(Failures, are_bounded_and_forget_the_oldest_first) {
    Failures failures({.free = 0, .longest = day, .forgotten_after = day}, 3);
    for (const char* key : {"a", "b", "a", "c", "d"}) failures.count(key, start);
    EXPECT_EQ(failures.size(), 3U);
    EXPECT_FALSE(failures.knows("b"));
    EXPECT_EQ(failures.wait("a", start), Duration{4'000});
    EXPECT_EQ(failures.wait("b", start), Duration{0});
    EXPECT_EQ(failures.wait("d", start), Duration{2'000});
}

} // namespace backline::users
