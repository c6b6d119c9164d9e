// At stake: the simulator's verdicts are only as good as its time, its order and its crashes.
// How: coroutines that note when and in which order they run, on runtimes that are forgotten in the middle.
#include "adapters/memory/virtual_loop.hpp"
#include "platform/async/wait.hpp"

#include <gtest/gtest.h>

namespace backline::memory {
namespace {

struct World {
    VirtualLoop loop{1};
    VirtualRuntime runtime{loop};
    std::vector<std::string> steps;
};

TaskGroup strict_group() {
    return TaskGroup([](const std::exception_ptr& thrown) { std::rethrow_exception(thrown); });
}

Task<> note_at(World& world, Runtime& runtime, Duration at, std::string name) {
    co_await sleep_until(runtime, Monotonic{at});
    world.steps.push_back(name + "@" + std::to_string(runtime.now().monotonic.since_start.count()));
}

TEST(VirtualLoop, runs_by_time_and_within_one_time_in_order_of_posting) {
    World world;
    TaskGroup group = strict_group();
    group.spawn(note_at(world, world.runtime, Duration{20}, "late"));
    group.spawn(note_at(world, world.runtime, Duration{10}, "first"));
    group.spawn(note_at(world, world.runtime, Duration{10}, "second"));
    while (world.loop.step()) {
    }
    EXPECT_EQ(world.steps, (std::vector<std::string>{"first@10", "second@10", "late@20"}));
}

TEST(VirtualLoop, runs_what_was_due_in_the_past_now) {
    World world;
    world.loop.run_until(Monotonic{Duration{100}});
    TaskGroup group = strict_group();
    group.spawn(note_at(world, world.runtime, Duration{10}, "overdue"));
    world.loop.step();
    EXPECT_EQ(world.steps, std::vector<std::string>{"overdue@100"});
}

TEST(VirtualLoop, stops_at_the_time_it_was_told) {
    World world;
    TaskGroup group = strict_group();
    group.spawn(note_at(world, world.runtime, Duration{10}, "at"));
    group.spawn(note_at(world, world.runtime, Duration{11}, "after"));
    world.loop.run_until(Monotonic{Duration{10}});
    EXPECT_EQ(world.steps, std::vector<std::string>{"at@10"});
    EXPECT_EQ(world.loop.now().monotonic, Monotonic{Duration{10}});
    world.runtime.forget();
}

TEST(VirtualLoop, moves_both_clocks_together) {
    VirtualLoop loop(1, Instant{Duration{5'000}});
    loop.run_until(Monotonic{Duration{250}});
    EXPECT_EQ(loop.now().utc, Instant{Duration{5'250}});
}

TEST(VirtualLoop, finds_nothing_to_do_when_it_is_empty) {
    World world;
    EXPECT_FALSE(world.loop.step());
}

Task<> crash_in_the_middle(World& world, VirtualRuntime& runtime) {
    world.steps.emplace_back("before");
    co_await turn(runtime);
    world.steps.emplace_back("during");
    runtime.forget();
    co_await turn(runtime);
    world.steps.emplace_back("after death");
}

TEST(VirtualRuntime, resumes_nothing_after_it_forgot_not_even_what_is_posted_later) {
    World world;
    TaskGroup group = strict_group();
    group.spawn(crash_in_the_middle(world, world.runtime));
    group.spawn(note_at(world, world.runtime, Duration{5}, "sleeper"));
    while (world.loop.step()) {
    }
    EXPECT_EQ(world.steps, (std::vector<std::string>{"before", "during"}));
}

TEST(VirtualRuntime, that_dies_leaves_the_others_on_the_loop_alone) {
    World world;
    TaskGroup survivors = strict_group();
    {
        VirtualRuntime mortal(world.loop);
        TaskGroup dropped = strict_group();
        dropped.spawn(note_at(world, mortal, Duration{5}, "mortal"));
        survivors.spawn(note_at(world, world.runtime, Duration{5}, "survivor"));
    }
    while (world.loop.step()) {
    }
    EXPECT_EQ(world.steps, std::vector<std::string>{"survivor@5"});
}

int counted(int& runs) {
    return ++runs;
}

Task<> offload_once(Runtime& runtime, int& runs) {
    co_await offloaded(runtime, [&runs] { return counted(runs); });
}

TEST(VirtualRuntime, that_forgot_does_not_run_offloaded_work_any_more) {
    World world;
    int runs = 0;
    TaskGroup group = strict_group();
    group.spawn(offload_once(world.runtime, runs));
    world.runtime.forget();
    while (world.loop.step()) {
    }
    EXPECT_EQ(runs, 0);
}

Task<int> answer() {
    co_return 42;
}

Task<> wait_for_nobody(Runtime& runtime) {
    Signal signal(runtime);
    co_await signal;
}

Task<> wait_for_two_hours(Runtime& runtime) {
    for (int i = 0; i < 120; ++i) co_await sleep_for(runtime, std::chrono::minutes{1});
}

TEST(Run, hands_back_the_value) {
    World world;
    EXPECT_EQ(run(world.loop, answer()), 42);
}

TEST(Run, finds_a_task_that_waits_for_what_never_comes) {
    World world;
    EXPECT_THROW(run(world.loop, wait_for_nobody(world.runtime)), InvariantBroken);
}

TEST(Run, finds_a_task_that_takes_more_than_an_hour) {
    World world;
    EXPECT_THROW(run(world.loop, wait_for_two_hours(world.runtime)), InvariantBroken);
    world.runtime.forget();
}

TEST(SeededRandom, gives_the_same_numbers_for_the_same_seed_and_others_for_another) {
    SeededRandom one(7);
    SeededRandom same(7);
    SeededRandom other(8);
    const std::uint64_t first = one.next();
    EXPECT_EQ(first, same.next());
    EXPECT_NE(first, other.next());
    EXPECT_EQ(
        SeededRandom(0).next(), 0xe220a8397b1dcdafULL
    ); // The published first number of SplitMix64.
}

TEST(VirtualLoop, traces_facts_their_order_and_their_time) {
    VirtualLoop one(1);
    VirtualLoop two(1);
    one.trace("a");
    one.trace("b");
    two.trace("b");
    two.trace("a");
    EXPECT_NE(one.trace_hash(), two.trace_hash());
}

} // namespace
} // namespace backline::memory
