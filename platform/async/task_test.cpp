// At stake: all service code runs in these coroutines; a leak, a lost exception or a stack overflow is everywhere.
// How: tasks with counted locals, driven by hand or by a virtual loop, finished, failed, nested deeply and dropped.
#include "adapters/memory/virtual_loop.hpp"
#include "platform/async/task.hpp"
#include "platform/async/wait.hpp"

#include <gtest/gtest.h>

namespace backline {
namespace {

using memory::VirtualLoop;
using memory::VirtualRuntime;

/// Writes its name when it dies.
struct Witness {
    std::vector<std::string>& deaths;
    std::string name;

    Witness(std::vector<std::string>& log, std::string named)
        : deaths(log)
        , name(std::move(named)) {}

    Witness(const Witness&) = delete;
    Witness& operator=(const Witness&) = delete;

    ~Witness() { deaths.push_back(name); }
};

struct Forever {
    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<>) const noexcept {}

    void await_resume() const noexcept {}
};

/// Starts a task that is expected to suspend, and drops it with the group.
TaskGroup silent_group() {
    return TaskGroup([](const std::exception_ptr&) {});
}

Task<int> seven() {
    co_return 7;
}

Task<std::unique_ptr<int>> owned(int value) {
    co_return std::make_unique<int>(value);
}

Task<int> fails(std::string why) {
    throw std::runtime_error(why);
    co_return 0;
}

Task<int> sum_of_two() {
    const int first = co_await seven();
    const std::unique_ptr<int> second = co_await owned(5);
    co_return first + *second;
}

TEST(Task, hands_its_value_to_who_awaits_it) {
    VirtualLoop loop(1);
    EXPECT_EQ(memory::run(loop, sum_of_two()), 12);
}

Task<> never_awaited(bool& started) {
    started = true;
    co_return;
}

TEST(Task, is_lazy_and_may_be_dropped_before_it_starts) {
    bool started = false;
    {
        const Task<> task = never_awaited(started);
    }
    EXPECT_FALSE(started);
}

Task<> parameter_only(std::unique_ptr<Witness>) {
    co_return;
}

TEST(Task, that_never_started_frees_its_parameters) {
    std::vector<std::string> deaths;
    {
        const Task<> task = parameter_only(std::make_unique<Witness>(deaths, "parameter"));
    }
    EXPECT_EQ(deaths, std::vector<std::string>{"parameter"});
}

Task<> assign_over(std::vector<std::string>& deaths) {
    Task<> task = parameter_only(std::make_unique<Witness>(deaths, "first"));
    task = parameter_only(std::make_unique<Witness>(deaths, "second"));
    EXPECT_EQ(deaths, std::vector<std::string>{"first"});
    co_await task;
}

TEST(Task, frees_what_it_held_when_another_is_moved_into_it) {
    VirtualLoop loop(1);
    std::vector<std::string> deaths;
    memory::run(loop, assign_over(deaths));
    EXPECT_EQ(deaths.size(), 2U);
}

Task<std::string> catches() {
    try {
        co_await fails("the reason");
    } catch (const std::runtime_error& failure) {
        co_return failure.what();
    }
    co_return "nothing was thrown";
}

TEST(Task, carries_an_exception_to_who_awaits_it) {
    VirtualLoop loop(1);
    EXPECT_EQ(memory::run(loop, catches()), "the reason");
}

Task<int> passes_on(int depth) {
    if (depth == 0) co_return co_await fails("from below");
    const int value = co_await passes_on(depth - 1);
    co_return value;
}

TEST(Task, carries_an_exception_through_a_thousand_frames) {
    VirtualLoop loop(1);
    EXPECT_THROW((void)memory::run(loop, passes_on(1'000)), std::runtime_error);
}

Task<> two_handlers_deep(VirtualRuntime& runtime, std::vector<std::string>& seen) {
    try {
        co_await fails("one");
    } catch (const std::runtime_error& failure) {
        seen.emplace_back(failure.what());
    }
    co_await turn(runtime);
    try {
        co_await fails("two");
    } catch (const std::runtime_error& failure) {
        seen.emplace_back(failure.what());
    }
}

Task<> two_at_once(VirtualRuntime& runtime, std::vector<std::string>& seen) {
    TaskGroup group = silent_group();
    group.spawn(two_handlers_deep(runtime, seen));
    group.spawn(two_handlers_deep(runtime, seen));
    co_await group.join();
}

TEST(Task, keeps_exceptions_of_interleaved_tasks_apart) {
    VirtualLoop loop(1);
    VirtualRuntime runtime(loop);
    std::vector<std::string> seen;
    memory::run(loop, two_at_once(runtime, seen));
    EXPECT_EQ(seen, (std::vector<std::string>{"one", "one", "two", "two"}));
}

Task<> hang(std::vector<std::string>& deaths, int depth) {
    const Witness before(deaths, "outer " + std::to_string(depth));
    if (depth > 0) {
        co_await hang(deaths, depth - 1);
    } else {
        co_await Forever{};
    }
    const Witness never(deaths, "never");
}

TEST(Task, dropped_while_it_waits_destroys_the_frames_below_it_first) {
    std::vector<std::string> deaths;
    {
        TaskGroup group = silent_group();
        group.spawn(hang(deaths, 2));
        EXPECT_TRUE(deaths.empty());
    }
    EXPECT_EQ(deaths, (std::vector<std::string>{"outer 0", "outer 1", "outer 2"}));
}

Task<> catch_all(bool& caught) {
    try {
        co_await Forever{};
    } catch (...) { // What the test is about: `kill -9` does not unwind.
        caught = true;
    }
}

TEST(Task, dropped_while_it_waits_does_not_unwind_through_its_handlers) {
    bool caught = false;
    {
        TaskGroup group = silent_group();
        group.spawn(catch_all(caught));
    }
    EXPECT_FALSE(caught);
}

Task<int> nested(int depth) {
    if (depth == 0) co_return 0;
    const int below = co_await nested(depth - 1);
    co_return below + 1;
}

TEST(Task, of_a_hundred_thousand_frames_starts_and_ends_on_a_small_stack) {
    VirtualLoop loop(1);
    EXPECT_EQ(memory::run(loop, nested(100'000)), 100'000);
}

Task<int> many_in_a_row(int count) {
    int sum = 0;
    for (int i = 0; i < count; ++i) {
        const int value = co_await seven();
        sum += value;
    }
    co_return sum;
}

TEST(Task, that_awaits_a_million_ready_ones_in_a_row_does_not_grow_the_stack) {
    VirtualLoop loop(1);
    EXPECT_EQ(memory::run(loop, many_in_a_row(1'000'000)), 7'000'000);
}

} // namespace
} // namespace backline
