// At stake: services meet only through events; one that a subscriber never sees is an order that stands still for ever.
// How: committed events through relay and bus to subscribers that keep a diary: all of them, once, within the bounds.
#include "tests/contract/bus_contract.hpp"

namespace backline::contract {
namespace {

using bus::EventRecord;
using bus::Subscription;

TEST_P(BusContract, brings_every_event_to_every_subscriber_once) {
    start({subscriber("orders"), subscriber("payments")});
    commit("a", 3);
    commit("b");
    EXPECT_TRUE(drained());
    for (const char* name : {"orders", "payments"}) {
        for (int sequence = 1; sequence <= 3; ++sequence) {
            EXPECT_EQ(diary.handled(name, event_id("a", sequence)), 1);
        }
        EXPECT_EQ(diary.handled(name, event_id("b")), 1);
    }
    EXPECT_TRUE(parked().empty());
}

TEST_P(BusContract, brings_a_subscriber_only_the_types_that_it_asked_for) {
    Subscription picky = subscriber("picky");
    picky.types = {paid};
    start({picky, subscriber("all")});
    commit("a", 1, placed);
    commit("b", 1, paid);
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.tries("picky", event_id("a")), 0);
    EXPECT_EQ(diary.handled("picky", event_id("b")), 1);
    EXPECT_EQ(diary.handled_by("all"), 2U);
}

TEST_P(BusContract, settles_events_that_nobody_wants) {
    start({subscriber("orders")});
    commit("a", 1, "backline.contract.unheard_of.v1");
    EXPECT_TRUE(drained());
    EXPECT_TRUE(diary.lines.empty());
}

Task<> keep(std::vector<EventRecord>& kept, EventRecord event) {
    kept.push_back(std::move(event));
    co_return;
}

TEST_P(BusContract, brings_an_event_to_the_last_field) {
    std::vector<EventRecord> kept;
    start({subscriber("orders", [&kept](EventRecord event) { return keep(kept, std::move(event)); })
    });
    store::Commit made = commit_of(things(), {.id = "a"}, {}, {.events = 1, .type = placed});
    const EventRecord sent = made.events[0];
    commit(std::move(made));
    EXPECT_TRUE(drained());
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].id, sent.id);
    EXPECT_EQ(kept[0].source, sent.source);
    EXPECT_EQ(kept[0].type, sent.type);
    EXPECT_EQ(kept[0].subject, sent.subject);
    EXPECT_EQ(kept[0].epoch, sent.epoch);
    EXPECT_EQ(kept[0].sequence, sent.sequence);
    EXPECT_EQ(kept[0].time, sent.time);
    EXPECT_EQ(kept[0].traceparent, sent.traceparent);
    EXPECT_EQ(kept[0].data, sent.data);
}

TEST_P(BusContract, brings_what_was_committed_before_the_relay_started) {
    start({});
    setup().crash();
    start({subscriber("orders")});
    commit("a");
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.handled("orders", event_id("a")), 1);
}

TEST_P(BusContract, holds_no_more_at_once_than_a_subscriber_takes) {
    const auto slowly = [this](EventRecord event) {
        return returns_after(Duration{3}, std::move(event));
    };
    Subscription slow = subscriber("slow", slowly);
    slow.in_flight_max = 3;
    start({slow});
    commit_many(30);
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.handled_by("slow"), 30U);
    EXPECT_EQ(diary.most_inside, 3);
}

TEST_P(BusContract, lets_no_subscriber_wait_for_anothers_bound) {
    Subscription stuck =
        subscriber("stuck", [this](EventRecord event) { return never_returns(std::move(event)); });
    stuck.in_flight_max = 1;
    start({stuck, subscriber("quick")});
    commit_many(20);
    EXPECT_TRUE(eventually([this] { return diary.handled_by("quick") == 20; }));
    EXPECT_EQ(diary.most_inside, 2);
}

TEST_P(BusContract, brings_a_thousand_events_through_a_narrow_relay) {
    bus::Relay::Settings narrow = quick();
    narrow.in_flight_max = 8;
    const auto slowly = [this](EventRecord event) {
        return returns_after(Duration{1}, std::move(event));
    };
    start({subscriber("orders", slowly)}, narrow);
    commit_many(1'000);
    std::size_t most = 0;
    EXPECT_TRUE(eventually([&] {
        most = std::max(most, setup().relay().in_flight());
        return diary.handled_by("orders") == 1'000;
    }));
    EXPECT_LE(most, 8U);
    EXPECT_TRUE(drained());
}

TEST_P(BusContract, lets_observers_see_each_event_and_nobody_wait_for_them) {
    const auto stuck = [this](EventRecord event) { return never_returns(std::move(event)); };
    start({observer("stuck", stuck), observer("index"), subscriber("orders")});
    commit_many(200);
    EXPECT_TRUE(drained());
    EXPECT_EQ(diary.handled_by("orders"), 200U);
    EXPECT_TRUE(eventually([this] { return diary.handled_by("index") == 200; }));
}

TEST_P(BusContract, neither_retries_nor_parks_for_an_observer) {
    const auto throws = [this](EventRecord event) {
        return throws_on(event_id("a"), std::move(event));
    };
    start({observer("index", throws)});
    commit("a");
    commit("b");
    EXPECT_TRUE(drained());
    EXPECT_TRUE(eventually([this] { return diary.handled("index", event_id("b")) == 1; }));
    wait(Duration{100});
    EXPECT_EQ(diary.tries("index", event_id("a")), 1);
    EXPECT_TRUE(parked().empty());
}

Task<> throws_after(int& counted) {
    ++counted;
    throw std::runtime_error("cannot catch up");
    co_return;
}

TEST_P(BusContract, lets_observers_catch_up_before_their_first_event) {
    int resyncs = 0;
    Subscription index = observer("index");
    index.resync = [&] { return throws_after(resyncs); };
    start({index});
    EXPECT_TRUE(eventually([&] { return resyncs == 1; }));
    commit("a");
    EXPECT_TRUE(eventually([this] { return diary.handled("index", event_id("a")) == 1; }));
    EXPECT_EQ(resyncs, 1);
}

TEST_P(BusContract, tells_how_much_waits_for_each_subscriber) {
    const auto stuck = [this](EventRecord event) { return never_returns(std::move(event)); };
    start({subscriber("stuck", stuck), subscriber("quick"), observer("index", stuck)});
    commit_many(5);
    EXPECT_TRUE(eventually([&] { return diary.handled_by("quick") == 5; }));
    EXPECT_TRUE(eventually([&] { return depth("stuck") == 5 && depth("quick") == 0; }));
    EXPECT_EQ(depth("index"), -1);
}

} // namespace
} // namespace backline::contract
