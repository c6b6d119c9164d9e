// At stake: a lost wake-up hangs a customer, an unfair permit starves one, a swallowed failure of offloaded work lies.
// How: waiters on a virtual loop that write down the order in which they were let go.
#include "adapters/memory/virtual_loop.hpp"
#include "platform/async/task_group.hpp"
#include "platform/async/wait.hpp"

#include <gtest/gtest.h>

namespace backline {
namespace {

using memory::VirtualLoop;
using memory::VirtualRuntime;

struct World {
    VirtualLoop loop{1};
    VirtualRuntime runtime{loop};
    std::vector<std::string> steps;
};

TaskGroup strict_group() {
    return TaskGroup([](const std::exception_ptr& thrown) { std::rethrow_exception(thrown); });
}

Task<> await_signal(World& world, Signal& signal, std::string name) {
    co_await signal;
    world.steps.push_back(name);
}

Task<> notify_three(World& world) {
    Signal signal(world.runtime);
    TaskGroup group = strict_group();
    for (const char* name : {"a", "b", "c"}) group.spawn(await_signal(world, signal, name));
    EXPECT_EQ(signal.waiting(), 3U);
    signal.notify();
    world.steps.emplace_back("notified");
    co_await group.join();
}

TEST(Signal, wakes_everyone_in_order_and_never_inside_notify) {
    World world;
    memory::run(world.loop, notify_three(world));
    EXPECT_EQ(world.steps, (std::vector<std::string>{"notified", "a", "b", "c"}));
}

Task<> notify_nobody(World& world) {
    Signal signal(world.runtime);
    signal.notify();
    TaskGroup group = strict_group();
    group.spawn(await_signal(world, signal, "late"));
    co_await turn(world.runtime);
    EXPECT_TRUE(world.steps.empty());
    signal.notify();
    co_await group.join();
}

TEST(Signal, keeps_no_memory_of_a_call_that_nobody_waited_for) {
    World world;
    memory::run(world.loop, notify_nobody(world));
    EXPECT_EQ(world.steps, std::vector<std::string>{"late"});
}

Task<> wait_twice(World& world, Signal& signal) {
    co_await signal;
    world.steps.emplace_back("once");
    co_await signal;
    world.steps.emplace_back("twice");
}

Task<> notify_twice(World& world) {
    Signal signal(world.runtime);
    TaskGroup group = strict_group();
    group.spawn(wait_twice(world, signal));
    signal.notify();
    signal.notify();
    co_await turn(world.runtime);
    EXPECT_EQ(world.steps.size(), 1U);
    signal.notify();
    co_await group.join();
}

TEST(Signal, wakes_a_waiter_once_for_each_wait) {
    World world;
    memory::run(world.loop, notify_twice(world));
    EXPECT_EQ(world.steps.size(), 2U);
}

Task<> work_with_permit(World& world, Permits& permits, std::string name, int& inside, int& most) {
    co_await permits.take();
    most = std::max(most, ++inside);
    world.steps.push_back(name);
    co_await sleep_for(world.runtime, Duration{10});
    --inside;
    permits.give_back();
}

Task<> nine_workers(World& world, int& most) {
    Permits permits(world.runtime, 2);
    TaskGroup group = strict_group();
    int inside = 0;
    for (int i = 0; i < 9; ++i) {
        group.spawn(work_with_permit(world, permits, std::to_string(i), inside, most));
    }
    EXPECT_EQ(permits.waiting(), 7U);
    co_await group.join();
    EXPECT_EQ(permits.waiting(), 0U);
}

TEST(Permits, let_no_more_in_than_there_are_first_come_first_served) {
    World world;
    int most = 0;
    memory::run(world.loop, nine_workers(world, most));
    EXPECT_EQ(most, 2);
    const std::vector<std::string> expected{"0", "1", "2", "3", "4", "5", "6", "7", "8"};
    EXPECT_EQ(world.steps, expected);
}

Task<> note_when_in(World& world, Permits& permits, std::string name) {
    co_await permits.take();
    world.steps.push_back(name);
    permits.give_back();
}

Task<> give_back_and_take_again(World& world) {
    Permits permits(world.runtime, 1);
    TaskGroup group = strict_group();
    co_await permits.take();
    group.spawn(note_when_in(world, permits, "patient"));
    permits.give_back();
    // The patient one has not run yet, and it is still its permit.
    co_await permits.take();
    world.steps.emplace_back("greedy");
    permits.give_back();
    co_await group.join();
}

TEST(Permits, cannot_be_taken_past_one_who_waits) {
    World world;
    memory::run(world.loop, give_back_and_take_again(world));
    EXPECT_EQ(world.steps, (std::vector<std::string>{"patient", "greedy"}));
}

Task<> take_all_again(World& world) {
    Permits permits(world.runtime, 3);
    for (int round = 0; round < 100; ++round) {
        for (int i = 0; i < 3; ++i) co_await permits.take();
        for (int i = 0; i < 3; ++i) permits.give_back();
    }
    EXPECT_EQ(permits.waiting(), 0U);
}

TEST(Permits, are_neither_lost_nor_multiplied) {
    World world;
    memory::run(world.loop, take_all_again(world));
}

Task<> offload_a_value(World& world) {
    const Monotonic before = world.runtime.now().monotonic;
    auto half = [whole = std::make_unique<int>(84)] { return std::make_unique<int>(*whole / 2); };
    const std::unique_ptr<int> answer = co_await offloaded(world.runtime, std::move(half));
    EXPECT_EQ(*answer, 42);
    EXPECT_GT(world.runtime.now().monotonic, before);
}

TEST(Offloaded, hands_back_what_the_work_returned) {
    World world;
    memory::run(world.loop, offload_a_value(world));
}

int refuse_to_work() {
    throw std::runtime_error("no");
}

Task<> offload_a_failure(World& world) {
    std::string reason;
    try {
        co_await offloaded(world.runtime, refuse_to_work);
    } catch (const std::runtime_error& failure) {
        reason = failure.what();
    }
    EXPECT_EQ(reason, "no");
}

TEST(Offloaded, hands_back_what_the_work_threw) {
    World world;
    memory::run(world.loop, offload_a_failure(world));
}

Task<> turn_twice(World& world, std::string name) {
    world.steps.push_back(name + "1");
    co_await turn(world.runtime);
    world.steps.push_back(name + "2");
}

Task<> two_in_turn(World& world) {
    TaskGroup group = strict_group();
    group.spawn(turn_twice(world, "a"));
    group.spawn(turn_twice(world, "b"));
    co_await group.join();
}

TEST(Turn, lets_everything_else_that_is_ready_run_first) {
    World world;
    memory::run(world.loop, two_in_turn(world));
    EXPECT_EQ(world.steps, (std::vector<std::string>{"a1", "b1", "a2", "b2"}));
}

} // namespace
} // namespace backline
