#pragma once

#include "adapters/memory/virtual_loop.hpp"
#include "platform/async/loop_poster.hpp"
#include "platform/async/runtime.hpp"
#include "platform/async/task.hpp"
#include "platform/async/thread_clock.hpp"

#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace backline::contract {

/// A runtime in real time for adapters that have threads: as the program's own, but it can run one task after another,
/// which is what a test wants. Chance is seeded; what is offloaded runs at once.
class RealLoop final : public Runtime, public LoopPoster {
public:
    [[nodiscard]] Now now() override;

    [[nodiscard]] std::uint64_t random() override { return random_.next(); }

    void post(std::coroutine_handle<> handle) override;
    void post_at(Monotonic time, std::coroutine_handle<> handle) override;
    void offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) override;
    void post_from_any_thread(std::move_only_function<void()> work) override;

    /// Turns until the task has finished, and throws what it threw; throws as well if nothing happens for ten seconds.
    void run(Task<> task);

    /// What was posted before is never resumed: its process is dead.
    void forget();

private:
    using Work = std::move_only_function<void()>;

    void turn();
    void take_due();

    ThreadClock clock_;
    memory::SeededRandom random_{1};
    std::multimap<Monotonic, std::coroutine_handle<>>
        timers_; ///< Equal times in the order of posting.
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Work> posted_;
};

} // namespace backline::contract
