// At stake: between the commit and the bus there is only the relay; what it forgets, no other service ever hears of.
// How: a relay between the memory store and a bus that takes events, takes its time, or is away, on virtual time.
#include "adapters/memory/memory_store.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "platform/async/wait.hpp"
#include "platform/base/problem.hpp"
#include "platform/bus/relay.hpp"
#include "tests/contract/faulty_store.hpp"
#include "tests/contract/store_contract.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace backline::bus {
namespace {

using contract::FaultyStore;
using contract::things;
using memory::MemoryDisk;
using memory::MemoryStore;
using memory::VirtualLoop;
using memory::VirtualRuntime;

class FakeBus final : public Bus {
public:
    explicit FakeBus(Runtime& runtime) : runtime_(runtime) {}

    struct Call {
        std::string event;
        bool redelivered;
        Monotonic at;
    };

    bool away = false;
    Duration takes{0};
    std::vector<Call> calls;

    void subscribe(Subscription) override {}

    Task<> start() override { co_return; }

    Task<> publish(EventRecord event, bool redelivered) override {
        calls.push_back({event.id, redelivered, runtime_.now().monotonic});
        co_await sleep_for(runtime_, takes);
        if (away) throw Unavailable(Unavailable::Outcome::not_done, "away");
    }

    void stop() override {}

    Task<std::vector<Depth>> depths() override { co_return std::vector<Depth>{}; }

    Task<std::vector<store::Parked>> parked(std::size_t) override {
        co_return std::vector<store::Parked>{};
    }

    Task<> replay(std::string, std::string) override { co_return; }

private:
    Runtime& runtime_;
};

Task<> commit_things(store::Store& store, int first, int count) {
    for (int i = first; i < first + count; ++i) {
        const contract::Thing thing{.id = std::to_string(i)};
        co_await store.commit(contract::commit_of(things(), thing, {}, {.events = 1}));
    }
}

struct World {
    VirtualLoop loop{1};
    VirtualRuntime runtime{loop};
    MemoryDisk disk;
    MemoryStore memory{runtime, disk};
    FaultyStore store{memory, runtime};
    FakeBus bus{runtime};
    Relay relay;

    explicit World(Relay::Settings settings) : relay(runtime, store, bus, settings) {
        memory::run(loop, store.open(things()));
    }

    ~World() { runtime.forget(); }

    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// Commits documents 0 to `count` - 1 with one event each; by another process if the relay must not hear of them.
    void commit(int count, bool elsewhere = false) {
        MemoryStore other(runtime, disk);
        store::Store& chosen = elsewhere ? static_cast<store::Store&>(other) : store;
        memory::run(loop, commit_things(chosen, 0, count));
    }

    void wait(Duration duration) { loop.run_until(loop.now().monotonic + duration); }
};

TEST(Relay, publishes_at_once_what_is_committed_and_settles_it) {
    World world({});
    world.relay.start();
    world.commit(3);
    world.wait(Duration{1});
    ASSERT_EQ(world.bus.calls.size(), 3U);
    EXPECT_EQ(world.bus.calls[0].event, "contract.things/0/1");
    EXPECT_FALSE(world.bus.calls[0].redelivered);
    EXPECT_EQ(world.disk.backlog(), 0U);
    world.wait(Duration{10'000});
    EXPECT_EQ(world.bus.calls.size(), 3U);
}

TEST(Relay, adopts_what_it_finds_and_says_so_even_if_a_clock_ran_ahead) {
    World world({});
    world.commit(3, true); // At a time 123 ms ahead of the loop's.
    world.relay.start();
    world.wait(Duration{1});
    ASSERT_EQ(world.bus.calls.size(), 3U);
    EXPECT_TRUE(world.bus.calls[0].redelivered);
    EXPECT_EQ(world.disk.backlog(), 0U);
}

TEST(Relay, leaves_young_events_to_the_process_that_committed_them) {
    World world({.adopt_after = Duration{2'000}});
    world.relay.start();
    store::Commit young = contract::commit_of(things(), {.id = "young"}, {}, {.events = 1});
    young.events[0].time = world.runtime.now().utc;
    MemoryStore other(world.runtime, world.disk);
    memory::run(world.loop, other.commit(std::move(young)));
    world.wait(Duration{1'900});
    EXPECT_TRUE(world.bus.calls.empty());
    world.wait(Duration{1'200});
    EXPECT_EQ(world.bus.calls.size(), 1U);
}

/// Commits of this process, one a millisecond, for so long.
Task<> commit_all_the_time(World& world, Duration duration) {
    for (int i = 0; i < duration.count(); ++i) {
        const contract::Thing thing{.id = "own" + std::to_string(i)};
        co_await world.store.commit(contract::commit_of(things(), thing, {}, {.events = 1}));
        co_await sleep_for(world.runtime, Duration{1});
    }
}

TEST(Relay, adopts_in_time_also_while_its_own_process_leaves_it_little_room) {
    World world({.in_flight_max = 1, .adopt_after = Duration{2'000}});
    world.bus.takes = Duration{2};
    world.commit(300, true);
    world.relay.start();
    memory::run(world.loop, commit_all_the_time(world, Duration{6'000}));
    const auto adopted = [](const FakeBus::Call& call) { return !call.event.contains("own"); };
    EXPECT_GT(std::ranges::count_if(world.bus.calls, adopted), 0);
}

TEST(Relay, tries_again_at_its_next_sweep_when_the_bus_was_away) {
    World world({});
    world.relay.start();
    world.bus.away = true;
    world.commit(2);
    world.wait(Duration{3'500});
    EXPECT_EQ(world.disk.backlog(), 2U);
    world.bus.away = false;
    world.wait(Duration{1'000});
    EXPECT_EQ(world.disk.backlog(), 0U);
    EXPECT_TRUE(world.bus.calls.back().redelivered);
}

TEST(Relay, does_not_hammer_a_bus_that_is_away) {
    World world({.in_flight_max = 4});
    world.relay.start();
    world.bus.away = true;
    world.commit(100);
    world.wait(Duration{10'000});
    EXPECT_LE(world.bus.calls.size(), 100U + 11U * 4U);
    EXPECT_EQ(world.disk.backlog(), 100U);
}

TEST(Relay, goes_on_sweeping_when_the_store_was_away) {
    World world({});
    world.commit(1, true);
    world.store.fail_pending(true);
    world.relay.start();
    world.wait(Duration{2'500});
    EXPECT_TRUE(world.bus.calls.empty());
    world.store.fail_pending(false);
    world.wait(Duration{1'000});
    EXPECT_EQ(world.disk.backlog(), 0U);
}

TEST(Relay, catches_up_without_waiting_for_its_next_sweep) {
    World world({.in_flight_max = 8, .sweep_every = Duration{60'000}});
    world.bus.takes = Duration{1};
    world.relay.start();
    world.commit(1'000);
    world.wait(Duration{1'000});
    EXPECT_EQ(world.disk.backlog(), 0U);
    EXPECT_LE(world.bus.calls.size(), 1'010U);
}

TEST(Relay, publishes_nothing_twice_while_the_bus_works) {
    World world({.sweep_every = Duration{3}});
    world.bus.takes = Duration{10};
    world.relay.start();
    world.commit(500);
    world.wait(Duration{100});
    EXPECT_EQ(world.bus.calls.size(), 500U);
}

TEST(Relay, does_not_publish_again_what_was_settled_while_it_read) {
    World world({});
    world.bus.takes = Duration{1'500};
    world.relay.start();
    world.commit(1);
    world.store.hold_next_pending();
    world.wait(Duration{1'700}
    ); // The sweep read the event after 1,000 ms, and it was settled after 1,500.
    EXPECT_EQ(world.disk.backlog(), 0U);
    world.store.release();
    world.wait(Duration{100});
    EXPECT_EQ(world.bus.calls.size(), 1U);
}

TEST(Relay, does_not_look_through_the_outbox_while_it_keeps_up) {
    World world({});
    world.relay.start();
    world.commit(500);
    world.wait(Duration{4'500});
    EXPECT_EQ(world.store.pendings(), 5);
}

TEST(Relay, holds_no_more_at_once_than_its_bound) {
    World world({.in_flight_max = 5});
    world.bus.takes = Duration{50};
    world.relay.start();
    world.commit(100);
    std::size_t most = 0;
    while (world.disk.backlog() > 0) {
        ASSERT_TRUE(world.loop.step());
        most = std::max(most, world.relay.in_flight());
    }
    EXPECT_EQ(most, 5U);
}

TEST(Relay, stops_when_what_is_under_way_has_ended_and_takes_nothing_new) {
    World world({});
    world.bus.takes = Duration{300};
    world.relay.start();
    world.commit(1);
    const Monotonic before = world.loop.now().monotonic;
    memory::run(world.loop, world.relay.stop());
    EXPECT_EQ(world.disk.backlog(), 0U);
    EXPECT_LE(world.loop.now().monotonic, before + Duration{1'100});
    memory::run(world.loop, commit_things(world.store, 1, 1));
    world.wait(Duration{5'000});
    EXPECT_EQ(world.bus.calls.size(), 1U);
    EXPECT_EQ(world.disk.backlog(), 1U);
}

} // namespace
} // namespace backline::bus
