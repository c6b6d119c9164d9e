// At stake: one message that cannot be handled must neither stop the others, nor vanish, nor be tried for ever.
// How: subscribers that throw once, some times or always; parked messages listed, replayed, mended and replayed again.
#include "tests/contract/bus_contract.hpp"

namespace backline::contract {
namespace {

using bus::EventRecord;
using bus::Subscription;
using store::Parked;

TEST_P(BusContract, tries_again_until_it_works) {
    int failures_left = 2;
    const auto at_last = [&](EventRecord event) {
        return throws_on(failures_left-- > 0 ? event.id : "", std::move(event));
    };
    start({subscriber("orders", at_last), subscriber("payments")});
    commit("a");
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.tries("orders", event_id("a")), 3);
    EXPECT_EQ(diary.handled("orders", event_id("a")), 1);
    EXPECT_EQ(diary.tries("payments", event_id("a")), 1);
    EXPECT_TRUE(parked().empty());
}

TEST_P(BusContract, parks_what_always_fails_with_its_reason_and_attempts) {
    const auto throws = [this](EventRecord event) {
        return throws_on(event_id("a"), std::move(event));
    };
    start({subscriber("orders", throws), subscriber("payments")});
    commit("a");
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.tries("orders", event_id("a")), 4);
    EXPECT_EQ(diary.handled("payments", event_id("a")), 1);
    const std::vector<Parked> messages = parked();
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].event.id, event_id("a"));
    EXPECT_EQ(messages[0].event.data, "{\"number\":1}");
    EXPECT_EQ(messages[0].subscriber, "orders");
    EXPECT_EQ(messages[0].attempts, 4);
    EXPECT_EQ(messages[0].reason, "cannot handle " + event_id("a"));
    wait(Duration{200});
    EXPECT_EQ(diary.tries("orders", event_id("a")), 4);
}

TEST_P(BusContract, parks_for_each_subscriber_apart) {
    const auto throws = [this](EventRecord event) {
        return throws_on(event_id("a"), std::move(event));
    };
    start({subscriber("orders", throws), subscriber("payments", throws)});
    commit("a");
    EXPECT_TRUE(drained());
    EXPECT_EQ(parked().size(), 2U);
}

Task<> throw_a_number() {
    throw 42;
    co_return;
}

TEST_P(BusContract, takes_anything_that_is_thrown_for_a_failure) {
    start({subscriber("orders", [](const EventRecord&) { return throw_a_number(); })});
    commit("a");
    EXPECT_TRUE(drained());
    ASSERT_EQ(parked().size(), 1U);
    EXPECT_FALSE(parked()[0].reason.empty());
}

Task<> break_an_invariant() {
    invariant_broken("one", "one is two");
    co_return;
}

Task<> be_refused() {
    throw Refused(Problem{&things().indexes[0].taken[0], "no"});
    co_return;
}

Task<> be_away() {
    throw Unavailable(Unavailable::Outcome::unknown, "away");
    co_return;
}

TEST_P(BusContract, counts_refusals_bugs_and_absences_like_everything_else) {
    start({
        subscriber("refused", [](const EventRecord&) { return be_refused(); }),
        subscriber("broken", [](const EventRecord&) { return break_an_invariant(); }),
        subscriber("away", [](const EventRecord&) { return be_away(); }),
    });
    commit("a");
    EXPECT_TRUE(drained());
    EXPECT_EQ(parked().size(), 3U);
    for (const char* name : {"refused", "broken", "away"}) {
        EXPECT_EQ(diary.tries(name, event_id("a")), 4);
    }
}

TEST_P(BusContract, lets_healthy_messages_flow_past_one_that_fails) {
    const auto throws = [this](EventRecord event) {
        return throws_on(event_id("poison"), std::move(event));
    };
    Subscription narrow = subscriber("orders", throws);
    narrow.in_flight_max = 1;
    narrow.attempts_max = 8;
    start({narrow});
    commit("poison");
    commit_many(50);
    EXPECT_TRUE(eventually([this] { return diary.handled_by("orders") == 50; }));
    EXPECT_LT(diary.tries("orders", event_id("poison")), 8);
    EXPECT_TRUE(drained());
    EXPECT_EQ(parked().size(), 1U);
}

TEST_P(BusContract, keeps_an_event_until_the_last_subscriber_has_handled_it) {
    int failures_left = 3;
    const auto at_last = [&](EventRecord event) {
        return throws_on(failures_left-- > 0 ? event.id : "", std::move(event));
    };
    start({subscriber("quick"), subscriber("slow", at_last)});
    commit("a");
    EXPECT_TRUE(eventually([this] { return diary.tries("slow", event_id("a")) == 2; }));
    EXPECT_EQ(diary.handled("quick", event_id("a")), 1);
    EXPECT_TRUE(eventually([this] { return depth("slow") == 1; }));
    EXPECT_EQ(setup().store().backlog(), setup().settles_when_handled() ? 1U : 0U);
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.handled("slow", event_id("a")), 1);
}

/// A process whose `orders` fails on event a, and its parked message.
void park_one(BusContract& test, bool& mended) {
    const auto until_mended = [&test, &mended](EventRecord event) {
        return test.throws_on(mended ? "" : event_id("a"), std::move(event));
    };
    test.start({test.subscriber("orders", until_mended), test.subscriber("payments")});
    test.commit("a");
    EXPECT_TRUE(test.drained());
    EXPECT_EQ(test.parked().size(), 1U);
}

TEST_P(BusContract, takes_a_message_off_the_list_when_its_replay_worked) {
    bool mended = false;
    park_one(*this, mended);
    mended = true;
    EXPECT_EQ(replay(event_id("a"), "orders"), "");
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(diary.handled("orders", event_id("a")), 1);
    EXPECT_EQ(diary.tries("payments", event_id("a")), 1);
    EXPECT_NE(replay(event_id("a"), "orders"), "");
    EXPECT_EQ(diary.handled("orders", event_id("a")), 1);
}

TEST_P(BusContract, keeps_a_message_parked_when_its_replay_fails) {
    bool mended = false;
    park_one(*this, mended);
    EXPECT_EQ(replay(event_id("a"), "orders"), "cannot handle " + event_id("a"));
    EXPECT_EQ(diary.tries("orders", event_id("a")), 5); // Once, and no retries.
    EXPECT_EQ(parked().size(), 1U);
    mended = true;
    EXPECT_EQ(replay(event_id("a"), "orders"), "");
    EXPECT_TRUE(parked().empty());
}

TEST_P(BusContract, replays_nothing_that_is_not_parked) {
    bool mended = false;
    park_one(*this, mended);
    EXPECT_NE(replay(event_id("b"), "orders"), "");
    EXPECT_NE(replay(event_id("a"), "payments"), "");
    EXPECT_NE(replay(event_id("a"), "nobody"), "");
    EXPECT_EQ(parked().size(), 1U);
    EXPECT_EQ(diary.tries("payments", event_id("a")), 1);
}

TEST_P(BusContract, replays_within_the_subscribers_bound) {
    bool mended = false;
    const auto slowly = [&](EventRecord event) {
        return mended ? returns_after(Duration{5}, std::move(event)) : throws_on(event.id, event);
    };
    Subscription narrow = subscriber("orders", slowly);
    narrow.in_flight_max = 1;
    start({narrow});
    commit("a");
    EXPECT_TRUE(drained());
    mended = true;
    diary.most_inside = 0;
    commit_many(5);
    EXPECT_EQ(replay(event_id("a"), "orders"), "");
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.most_inside, 1);
    commit("z");
    EXPECT_TRUE(drained());
}

} // namespace
} // namespace backline::contract
