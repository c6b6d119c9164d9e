// At stake: processes die at any moment, some of them of a message; afterwards nothing may be lost and nothing stuck.
// How: subscribers in the middle of their work when the process is killed, and what the next process makes of it.
#include "tests/contract/bus_contract.hpp"

namespace backline::contract {
namespace {

using bus::EventRecord;
using bus::Subscription;

TEST_P(BusContract, brings_again_what_a_crash_interrupted) {
    const auto hangs = [this](EventRecord event) { return never_returns(std::move(event)); };
    start({subscriber("orders", hangs), subscriber("payments")});
    commit_many(10);
    EXPECT_TRUE(eventually([this] { return diary.handled_by("payments") == 10; }));
    restart({subscriber("orders"), subscriber("payments")});
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.handled_by("orders"), 10U);
    EXPECT_TRUE(parked().empty());
}

TEST_P(BusContract, brings_what_was_committed_right_before_a_crash) {
    const auto hangs = [this](EventRecord event) { return never_returns(std::move(event)); };
    Subscription narrow = subscriber("orders", hangs);
    narrow.in_flight_max = 1;
    start({narrow}, {.in_flight_max = 2, .sweep_every = Duration{20}});
    commit_many(20); // Most of them never reach the bus.
    restart({subscriber("orders")});
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.handled_by("orders"), 20U);
}

TEST_P(BusContract, goes_on_counting_attempts_after_a_crash) {
    const auto throws = [this](EventRecord event) {
        return throws_on(event_id("a"), std::move(event));
    };
    Subscription stubborn = subscriber("orders", throws);
    stubborn.attempts_max = 6;
    start({stubborn});
    commit("a");
    EXPECT_TRUE(eventually([this] { return diary.tries("orders", event_id("a")) == 3; }));
    restart({stubborn});
    EXPECT_TRUE(drained());
    // The one in flight may count twice.
    EXPECT_LE(diary.tries("orders", event_id("a")), setup().settles_when_handled() ? 7 : 3 + 7);
    ASSERT_EQ(parked().size(), 1U);
    EXPECT_EQ(parked()[0].attempts, 6);
}

TEST_P(BusContract, keeps_messages_parked_across_a_crash_and_replays_them_then) {
    const auto throws = [this](EventRecord event) {
        return throws_on(event_id("a"), std::move(event));
    };
    start({subscriber("orders", throws)});
    commit("a");
    commit("b"); // Settling is durable with the next commit.
    EXPECT_TRUE(drained());
    restart({subscriber("orders")});
    commit("c");
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.handled("orders", event_id("a")), 0);
    ASSERT_EQ(parked().size(), 1U);
    EXPECT_EQ(parked()[0].reason, "cannot handle " + event_id("a"));
    EXPECT_EQ(replay(event_id("a"), "orders"), "");
    EXPECT_EQ(diary.handled("orders", event_id("a")), 1);
    restart({subscriber("orders")});
    EXPECT_TRUE(parked().empty());
}

TEST_P(BusContract, keeps_the_reason_of_what_was_parked_before_the_others_were_done) {
    const auto throws = [this](EventRecord event) {
        return throws_on(event_id("a"), std::move(event));
    };
    const auto hangs = [this](EventRecord event) { return never_returns(std::move(event)); };
    start({subscriber("orders", throws), subscriber("payments", hangs)});
    commit("a");
    EXPECT_TRUE(eventually([this] { return parked().size() == 1; }));
    restart({subscriber("orders", throws), subscriber("payments")});
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.handled("payments", event_id("a")), 1);
    EXPECT_EQ(diary.tries("orders", event_id("a")), 4);
    ASSERT_EQ(parked().size(), 1U);
    EXPECT_EQ(parked()[0].reason, "cannot handle " + event_id("a"));
}

constexpr int killed_max = 100;

/// Restarts for as long as the message `poison` kills the process; answers how many processes it killed.
int killed_by_poison(BusContract& test, const std::vector<Subscription>& subscriptions) {
    for (int killed = 0;; ++killed) {
        const auto tried = [&] { return test.diary.tries("orders", event_id("poison")) > killed; };
        EXPECT_TRUE(test.eventually([&] { return tried() || test.settled(); }));
        if (!tried() || killed == killed_max) return killed;
        test.restart(subscriptions);
    }
}

/// How many copies of an event there may be. With a broker, each process that dies before it hears of its confirm
/// leaves one behind, and on a busy machine that takes long; the bound only says that it comes to an end.
int copies(BusContract& test) {
    return test.setup().settles_when_handled() ? 1 : 10;
}

/// Whatever kills processes in `orders` is parked for it after its attempts, and for nobody else.
void expect_killer_parked(BusContract& test, const std::vector<Subscription>& subscriptions) {
    test.start(subscriptions);
    test.commit("poison");
    // Four attempts, and the first one that nobody counted.
    EXPECT_LE(killed_by_poison(test, subscriptions), 5 * copies(test));
    EXPECT_TRUE(test.drained());
    const std::vector<store::Parked> messages = test.parked();
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].event.id, event_id("poison"));
    EXPECT_EQ(messages[0].subscriber, "orders");
    EXPECT_EQ(messages[0].attempts, 4);
    EXPECT_FALSE(messages[0].reason.empty());
    EXPECT_GE(test.diary.handled("payments", event_id("poison")), 1);
}

TEST_P(BusContract, parks_a_message_that_kills_the_process_again_and_again) {
    const auto dies = [this](EventRecord event) {
        return dies_of(event_id("poison"), std::move(event));
    };
    expect_killer_parked(*this, {subscriber("orders", dies), subscriber("payments")});
}

TEST_P(BusContract, parks_it_only_for_the_subscriber_that_dies_of_it) {
    const auto dies = [this](EventRecord event) {
        return dies_of(event_id("poison"), std::move(event));
    };
    expect_killer_parked(*this, {subscriber("payments"), subscriber("orders", dies)});
}

TEST_P(BusContract, blames_no_healthy_message_for_what_another_one_did) {
    const auto dies = [this](EventRecord event) {
        return dies_of(event_id("poison"), std::move(event));
    };
    Subscription narrow = subscriber("orders", dies);
    narrow.in_flight_max = 16;
    const auto slowly = [this](EventRecord event) {
        return returns_after(Duration{5}, std::move(event));
    };
    const std::vector<Subscription> subscriptions{narrow, subscriber("payments", slowly)};
    start(subscriptions);
    commit("poison");
    commit_many(100);
    EXPECT_LE(killed_by_poison(*this, subscriptions), 6 * copies(*this));
    EXPECT_TRUE(drained());
    EXPECT_EQ(parked().size(), 1U);
    EXPECT_EQ(diary.handled_by("orders"), 100U);
    EXPECT_EQ(diary.handled_by("payments"), 101U);
}

TEST_P(BusContract, survives_a_crash_at_every_step_of_a_delivery) {
    const auto slowly = [this](EventRecord event) {
        return returns_after(Duration{2}, std::move(event));
    };
    const std::vector<Subscription> subscriptions{
        subscriber("orders", slowly), subscriber("payments")
    };
    start(subscriptions);
    for (int round = 0; round < 8; ++round) {
        commit("r" + std::to_string(round), 3);
        wait(Duration{round});
        restart(subscriptions);
    }
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.handled_by("orders"), 24U);
    EXPECT_EQ(diary.handled_by("payments"), 24U);
    EXPECT_TRUE(parked().empty());
}

} // namespace
} // namespace backline::contract
