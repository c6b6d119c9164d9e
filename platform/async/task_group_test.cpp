// At stake: connections, deliveries and timers live in groups; one that is lost is lost silently.
// How: groups on a virtual loop, joined, failing, growing while they are joined, and dropped in the middle.
#include "adapters/memory/virtual_loop.hpp"
#include "platform/async/task_group.hpp"
#include "platform/async/wait.hpp"

#include <gtest/gtest.h>

namespace backline {
namespace {

using memory::VirtualLoop;
using memory::VirtualRuntime;

using Failures = std::vector<std::string>;

TaskGroup group_that_notes(Failures& failures) {
    return TaskGroup([&failures](const std::exception_ptr& thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& failure) {
            failures.emplace_back(failure.what());
        }
    });
}

struct World {
    VirtualLoop loop{1};
    VirtualRuntime runtime{loop};
    Failures failures;
};

Task<> sleep_and_count(VirtualRuntime& runtime, Duration pause, int& finished) {
    co_await sleep_for(runtime, pause);
    ++finished;
}

Task<> join_three(World& world, int& finished) {
    TaskGroup group = group_that_notes(world.failures);
    for (const Duration pause : {Duration{30}, Duration{10}, Duration{20}}) {
        group.spawn(sleep_and_count(world.runtime, pause, finished));
    }
    EXPECT_EQ(group.running(), 3U);
    co_await group.join();
    EXPECT_EQ(group.running(), 0U);
}

TEST(TaskGroup, joins_when_the_last_task_has_finished) {
    World world;
    int finished = 0;
    memory::run(world.loop, join_three(world, finished));
    EXPECT_EQ(finished, 3);
    EXPECT_EQ(world.loop.now().monotonic, Monotonic{Duration{30}});
}

Task<> join_nothing(World& world) {
    TaskGroup group = group_that_notes(world.failures);
    co_await group.join();
    co_await group.join();
}

TEST(TaskGroup, joins_at_once_when_it_is_empty_and_more_than_once) {
    World world;
    memory::run(world.loop, join_nothing(world));
}

Task<> throw_after(VirtualRuntime& runtime, Duration pause, std::string why) {
    co_await sleep_for(runtime, pause);
    throw std::runtime_error(why);
}

Task<> throw_at_once(std::string why) {
    throw std::runtime_error(why);
    co_return;
}

Task<> join_failures(World& world, int& finished) {
    TaskGroup group = group_that_notes(world.failures);
    group.spawn(throw_after(world.runtime, Duration{5}, "later"));
    group.spawn(throw_at_once("at once"));
    group.spawn(sleep_and_count(world.runtime, Duration{10}, finished));
    co_await group.join();
}

TEST(TaskGroup, reports_each_failure_once_and_lets_the_others_finish) {
    World world;
    int finished = 0;
    memory::run(world.loop, join_failures(world, finished));
    EXPECT_EQ(world.failures, (Failures{"at once", "later"}));
    EXPECT_EQ(finished, 1);
}

Task<> spawn_chain(World& world, TaskGroup& group, int depth, int& finished) {
    co_await turn(world.runtime);
    if (depth > 0) group.spawn(spawn_chain(world, group, depth - 1, finished));
    ++finished;
}

Task<> join_chain(World& world, int& finished) {
    TaskGroup group = group_that_notes(world.failures);
    group.spawn(spawn_chain(world, group, 50, finished));
    co_await group.join();
}

TEST(TaskGroup, waits_for_tasks_that_its_tasks_spawn_while_it_is_joined) {
    World world;
    int finished = 0;
    memory::run(world.loop, join_chain(world, finished));
    EXPECT_EQ(finished, 51);
}

Task<> spawn_many_ready(World& world, int& finished) {
    TaskGroup group = group_that_notes(world.failures);
    for (int i = 0; i < 100'000; ++i) {
        group.spawn(throw_at_once("x"));
        ++finished;
    }
    co_await group.join();
}

TEST(TaskGroup, keeps_nothing_of_tasks_that_finished_at_once) {
    World world;
    int finished = 0;
    memory::run(world.loop, spawn_many_ready(world, finished));
    EXPECT_EQ(world.failures.size(), 100'000U);
}

struct Witness {
    std::vector<int>& deaths;
    int name;

    Witness(std::vector<int>& log, int number) : deaths(log), name(number) {}

    Witness(const Witness&) = delete;
    Witness& operator=(const Witness&) = delete;

    ~Witness() { deaths.push_back(name); }
};

Task<> hold(VirtualRuntime& runtime, std::vector<int>& deaths, int name) {
    const Witness witness(deaths, name);
    co_await sleep_for(runtime, Duration{1000});
}

TEST(TaskGroup, drops_unfinished_frames_newest_first) {
    World world;
    std::vector<int> deaths;
    {
        TaskGroup group = group_that_notes(world.failures);
        for (int i = 0; i < 3; ++i) group.spawn(hold(world.runtime, deaths, i));
        world.runtime.forget();
    }
    EXPECT_EQ(deaths, (std::vector<int>{2, 1, 0}));
    world.loop.run_until(Monotonic{Duration{2000}});
    EXPECT_TRUE(world.failures.empty());
}

TEST(TaskGroup, forgets_finished_tasks_in_the_middle_before_it_drops_the_rest) {
    World world;
    std::vector<int> deaths;
    int finished = 0;
    {
        TaskGroup group = group_that_notes(world.failures);
        group.spawn(hold(world.runtime, deaths, 1));
        group.spawn(sleep_and_count(world.runtime, Duration{1}, finished));
        group.spawn(hold(world.runtime, deaths, 2));
        world.loop.run_until(Monotonic{Duration{10}});
        EXPECT_EQ(group.running(), 2U);
        world.runtime.forget();
    }
    EXPECT_EQ(finished, 1);
    EXPECT_EQ(deaths, (std::vector<int>{2, 1}));
}

Task<> join_twice_at_once(World& world) {
    TaskGroup group = group_that_notes(world.failures);
    TaskGroup joiners = group_that_notes(world.failures);
    int finished = 0;
    group.spawn(sleep_and_count(world.runtime, Duration{5}, finished));
    joiners.spawn(group.join());
    joiners.spawn(group.join());
    co_await joiners.join();
    EXPECT_EQ(finished, 1);
}

TEST(TaskGroup, refuses_a_second_joiner_instead_of_losing_the_first) {
    World world;
    memory::run(world.loop, join_twice_at_once(world));
    ASSERT_EQ(world.failures.size(), 1U);
    EXPECT_NE(world.failures[0].find("one joiner"), std::string::npos);
}

} // namespace
} // namespace backline
