// At stake: everything runs on this loop; a lost or doubled resumption hangs or corrupts the shop.
// How: real time, in milliseconds, but every expectation is about order and not about how long something took.
#include "adapters/asio_runtime/asio_runtime.hpp"
#include "platform/async/task_group.hpp"
#include "platform/async/wait.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

namespace backline::asio_runtime {
namespace {

using namespace std::chrono_literals;

struct Trace {
    std::vector<std::string> steps;
};

TaskGroup strict_group() {
    return TaskGroup([](const std::exception_ptr& thrown) { std::rethrow_exception(thrown); });
}

Task<> two_turns(Runtime& runtime, Trace& trace, std::string name) {
    trace.steps.push_back(name + "1");
    co_await turn(runtime);
    trace.steps.push_back(name + "2");
}

Task<> interleaved(Runtime& runtime, Trace& trace) {
    TaskGroup group = strict_group();
    group.spawn(two_turns(runtime, trace, "a"));
    group.spawn(two_turns(runtime, trace, "b"));
    co_await group.join();
}

TEST(AsioRuntime, resumes_what_is_posted_in_order_and_never_inside_the_call) {
    AsioRuntime runtime;
    Trace trace;
    runtime.run(interleaved(runtime, trace));
    EXPECT_EQ(trace.steps, (std::vector<std::string>{"a1", "b1", "a2", "b2"}));
}

Task<> sleep_then_note(Runtime& runtime, Trace& trace, Duration pause, std::string name) {
    const Monotonic due = runtime.now().monotonic + pause;
    co_await sleep_until(runtime, due);
    EXPECT_GE(runtime.now().monotonic, due);
    trace.steps.push_back(name);
}

Task<> sleepers(Runtime& runtime, Trace& trace) {
    TaskGroup group = strict_group();
    group.spawn(sleep_then_note(runtime, trace, 4ms, "last"));
    group.spawn(sleep_then_note(runtime, trace, 2ms, "middle"));
    group.spawn(sleep_then_note(runtime, trace, 0ms, "first"));
    group.spawn(sleep_then_note(runtime, trace, -5ms, "past"));
    co_await group.join();
}

TEST(AsioRuntime, fires_timers_by_time_and_never_early) {
    AsioRuntime runtime;
    Trace trace;
    runtime.run(sleepers(runtime, trace));
    ASSERT_EQ(trace.steps.size(), 4U);
    EXPECT_EQ(trace.steps[2], "middle");
    EXPECT_EQ(trace.steps[3], "last");
}

Task<> many_timers(Runtime& runtime, Trace& trace) {
    TaskGroup group = strict_group();
    for (int i = 0; i < 500; ++i) {
        group.spawn(sleep_then_note(runtime, trace, Duration{(i * 7) % 5}, "x"));
    }
    co_await group.join();
}

TEST(AsioRuntime, keeps_many_timers_with_one_alarm) {
    AsioRuntime runtime;
    Trace trace;
    runtime.run(many_timers(runtime, trace));
    EXPECT_EQ(trace.steps.size(), 500U);
}

struct Where {
    std::thread::id worked;
    std::thread::id resumed;
};

Task<Where> where_work_runs(Runtime& runtime) {
    Where where;
    where.worked = co_await offloaded(runtime, [] { return std::this_thread::get_id(); });
    where.resumed = std::this_thread::get_id();
    co_return where;
}

Task<> check_offload(Runtime& runtime) {
    const Where where = co_await where_work_runs(runtime);
    EXPECT_NE(where.worked, std::this_thread::get_id());
    EXPECT_EQ(where.resumed, std::this_thread::get_id());
}

TEST(AsioRuntime, offloads_to_another_thread_and_resumes_on_the_loop) {
    AsioRuntime runtime;
    runtime.run(check_offload(runtime));
}

int failing_work() {
    throw std::runtime_error("disk on fire");
}

Task<> offload_that_throws(Runtime& runtime) {
    co_await offloaded(runtime, failing_work);
}

TEST(AsioRuntime, hands_on_what_offloaded_work_and_the_program_throw) {
    AsioRuntime runtime;
    EXPECT_THROW(runtime.run(offload_that_throws(runtime)), std::runtime_error);
}

Task<> count_threads(Runtime& runtime, std::set<std::thread::id>& seen) {
    const auto id = co_await offloaded(runtime, [] { return std::this_thread::get_id(); });
    seen.insert(id);
}

Task<> flood(Runtime& runtime, std::set<std::thread::id>& seen) {
    TaskGroup group = strict_group();
    for (int i = 0; i < 200; ++i) group.spawn(count_threads(runtime, seen));
    co_await group.join();
}

TEST(AsioRuntime, bounds_its_threads) {
    AsioRuntime runtime(AsioRuntime::Settings{.offload_threads = 2});
    std::set<std::thread::id> seen;
    runtime.run(flood(runtime, seen));
    EXPECT_LE(seen.size(), 2U);
}

int my_niceness() {
    return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
}

struct OtherThread {
    LoopPoster& poster;
    std::vector<int> seen{};
    std::thread::id ran_on{};
    std::coroutine_handle<> waiting{};
    std::thread thread{};

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> handle) {
        waiting = handle;
        thread = std::thread([this] {
            for (int i = 0; i < 3; ++i) {
                poster.post_from_any_thread([this, i] { seen.push_back(i); });
            }
            poster.post_from_any_thread([this] {
                ran_on = std::this_thread::get_id();
                waiting.resume();
            });
        });
    }

    void await_resume() { thread.join(); }
};

Task<> hear_from_another_thread(AsioRuntime& runtime) {
    OtherThread other{runtime};
    co_await other;
    EXPECT_EQ(other.seen, (std::vector<int>{0, 1, 2}));
    EXPECT_EQ(other.ran_on, std::this_thread::get_id());
}

TEST(AsioRuntime, runs_what_other_threads_post_on_the_loop_and_in_their_order) {
    AsioRuntime runtime;
    runtime.run(hear_from_another_thread(runtime));
}

Task<> compare_niceness(Runtime& runtime, Runtime& lane) {
    const int usual = co_await offloaded(runtime, my_niceness);
    const int lowered = co_await offloaded(lane, my_niceness);
    EXPECT_EQ(lowered, std::min(usual + 10, 19));
}

TEST(AsioRuntime, gives_a_lane_its_own_thread_with_lower_priority) {
    AsioRuntime runtime;
    Runtime& lane = runtime.add_lane("hash", my_niceness() + 10);
    runtime.run(compare_niceness(runtime, lane));
}

Task<> abandon_offloaded(Runtime& runtime, TaskGroup& group, bool& done) {
    struct Work {
        static Task<> run(Runtime& runtime, bool& done) {
            done = co_await offloaded(runtime, [] {
                std::this_thread::sleep_for(2ms);
                return true;
            });
        }
    };

    group.spawn(Work::run(runtime, done));
    co_return;
}

TEST(AsioRuntime, waits_for_offloaded_work_before_run_returns) {
    AsioRuntime runtime;
    bool done = false;
    TaskGroup group = strict_group();
    runtime.run(abandon_offloaded(runtime, group, done));
    // The frame is still there and may now be dropped safely: no thread touches it any more.
    EXPECT_EQ(group.running(), 1U);
}

Task<> raise_and_wait(AsioRuntime& runtime, int& received) {
    struct Waiter {
        static Task<> run(AsioRuntime& runtime, int& received) {
            received = co_await runtime.interrupted();
        }
    };

    TaskGroup group = strict_group();
    group.spawn(Waiter::run(runtime, received));
    std::raise(SIGTERM);
    co_await group.join();
}

TEST(AsioRuntime, turns_a_signal_into_a_resumption) {
    AsioRuntime runtime;
    int received = 0;
    runtime.run(raise_and_wait(runtime, received));
    EXPECT_EQ(received, SIGTERM);
}

TEST(AsioRuntime, draws_random_numbers_that_differ) {
    AsioRuntime runtime;
    std::set<std::uint64_t> drawn;
    for (int i = 0; i < 1000; ++i) drawn.insert(runtime.random());
    EXPECT_EQ(drawn.size(), 1000U);
}

TEST(AsioRuntime, has_a_monotonic_clock_that_does_not_go_back) {
    AsioRuntime runtime;
    const Now first = runtime.now();
    const Now second = runtime.now();
    EXPECT_LE(first.monotonic, second.monotonic);
    EXPECT_GT(first.utc.time_since_epoch().count(), 0);
}

} // namespace
} // namespace backline::asio_runtime
