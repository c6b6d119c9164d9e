// At stake: passwords that are found by trying, owners who are locked out by those who try, and memory without end.
// Tested by scripts of many tries on a clock that the test moves.
#include "adapters/memory/virtual_loop.hpp"
#include "platform/security/local_limiter.hpp"
#include "services/users/throttle/store.hpp"

#include <gtest/gtest.h>

#include <string>

namespace backline::users {

namespace {

constexpr Monotonic start{};
constexpr Duration day = std::chrono::hours{24};

std::string name(const char* what, int number) {
    return what + std::to_string(number);
}

/// The throttle on a clock that the test moves.
class Door final {
public:
    Duration take(const Try& attempt, Monotonic now) {
        loop_.run_until(now);
        return memory::run(loop_, throttle_.take(attempt));
    }

    void succeeded(const Try& attempt, Monotonic now) {
        loop_.run_until(now);
        memory::run(loop_, throttle_.succeeded(attempt));
    }

    void give_back(const Try& attempt) { memory::run(loop_, throttle_.give_back(attempt)); }

private:
    memory::VirtualLoop loop_{1};
    memory::VirtualRuntime runtime_{loop_};
    security::LocalLimiter limiter_{runtime_};
    LogInThrottle throttle_{limiter_};
};

/// How many tries get through until `end` to somebody who tries again as soon as they may.
int tries_until(Door& throttle, const Try& attempt, Monotonic end) {
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
    Door throttle;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(throttle.take({"ada", "here"}, start), Duration{0});
    EXPECT_EQ(throttle.take({"ada", "here"}, start), Duration{1'000});
}

TEST(LogInThrottle, doubles_the_pause_after_each_failure) {
    Door throttle;
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
    Door throttle;
    EXPECT_EQ(tries_until(throttle, {"ada", "here"}, start + day), 100);
    const Monotonic later = start + day * 3;
    EXPECT_EQ(throttle.take({"ada", "here"}, later), Duration{0}) << "it is forgotten";
}

TEST(LogInThrottle, is_not_fooled_by_many_at_once_or_from_everywhere) {
    Door throttle;
    int through = 0;
    for (int i = 0; i < 10'000; ++i) {
        through += throttle.take({"ada", name("address", i)}, start) == Duration{0} ? 1 : 0;
    }
    EXPECT_EQ(through, 5);
}

TEST(LogInThrottle, slows_down_a_client_that_tries_many_accounts) {
    Door throttle;
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
    Door throttle;
    throttle.take({"ada", "home"}, start);
    throttle.succeeded({"ada", "home"}, start);
    for (int i = 0; i < 1'000; ++i) throttle.take({"ada", name("address", i)}, start);
    EXPECT_GT(throttle.take({"ada", "elsewhere"}, start), Duration{0});
    EXPECT_EQ(throttle.take({"ada", "home"}, start), Duration{0});
    throttle.succeeded({"ada", "home"}, start);
    EXPECT_GT(throttle.take({"ada", "elsewhere"}, start), Duration{0}) << "nobody else gains by it";
}

TEST(LogInThrottle, counts_guesses_from_where_the_owner_was_before) {
    Door throttle;
    throttle.take({"ada", "home"}, start);
    throttle.succeeded({"ada", "home"}, start);
    EXPECT_EQ(tries_until(throttle, {"ada", "home"}, start + day), 100);
}

TEST(LogInThrottle, does_not_let_a_client_wash_itself_clean_with_an_account_of_its_own) {
    Door throttle;
    int through = 0;
    for (int i = 0; i < 1'000; ++i) {
        const bool own = throttle.take({"eve", "here"}, start) == Duration{0};
        if (own) throttle.succeeded({"eve", "here"}, start);
        through += throttle.take({name("account", i), "here"}, start) == Duration{0} ? 1 : 0;
    }
    EXPECT_EQ(through, 20);
}

TEST(LogInThrottle, counts_nothing_when_the_password_was_not_looked_at) {
    Door throttle;
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(throttle.take({"ada", "here"}, start), Duration{0});
        throttle.give_back({"ada", "here"});
    }
}

} // namespace backline::users
