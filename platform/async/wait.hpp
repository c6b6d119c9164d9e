#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/task.hpp"

#include <coroutine>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

namespace backline {

/// `co_await sleep_until(runtime, time)`.
struct SleepUntil {
    Runtime& runtime;
    Monotonic time;

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> handle) const { runtime.post_at(time, handle); }

    void await_resume() const noexcept {}
};

inline SleepUntil sleep_until(Runtime& runtime, Monotonic time) {
    return SleepUntil{runtime, time};
}

inline SleepUntil sleep_for(Runtime& runtime, Duration duration) {
    return SleepUntil{runtime, runtime.now().monotonic + duration};
}

/// `co_await turn(runtime)`: lets everything else that is ready run first.
struct Turn {
    Runtime& runtime;

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> handle) const { runtime.post(handle); }

    void await_resume() const noexcept {}
};

inline Turn turn(Runtime& runtime) {
    return Turn{runtime};
}

/// Runs `work` away from the loop and hands back what it returned or threw. `work` owns its inputs by value.
template <class Work> auto offloaded(Runtime& runtime, Work work)
    -> Task<std::invoke_result_t<Work&>> {
    using Value = std::invoke_result_t<Work&>;

    struct Awaiting {
        Runtime& runtime;
        Work& work;
        std::optional<Value> value{};
        std::exception_ptr failure{};

        bool await_ready() const noexcept { return false; }

        void await_suspend(std::coroutine_handle<> handle) {
            runtime.offload(
                [this] {
                    try {
                        value.emplace(work());
                    } catch (...) {
                        failure = std::current_exception();
                    }
                },
                handle
            );
        }

        Value await_resume() {
            if (failure) std::rethrow_exception(failure);
            return std::move(*value);
        }
    };

    Awaiting awaiting{runtime, work};
    co_return co_await awaiting;
}

/// Many coroutines wait, one call wakes them all. A waiter is resumed through the runtime's queue, never inside
/// `notify`. Loop thread only.
class Signal final {
public:
    explicit Signal(Runtime& runtime) : runtime_(runtime) {}

    void notify() {
        std::deque<std::coroutine_handle<>> woken;
        woken.swap(waiting_);
        for (const std::coroutine_handle<> handle : woken) runtime_.post(handle);
    }

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

    struct Awaiting {
        Signal& signal;

        bool await_ready() const noexcept { return false; }

        void await_suspend(std::coroutine_handle<> handle) const {
            signal.waiting_.push_back(handle);
        }

        void await_resume() const noexcept {}
    };

    /// `co_await signal`. The signal may be gone when a waiter that it woke runs.
    Awaiting operator co_await() noexcept { return Awaiting{*this}; }

private:
    Runtime& runtime_;
    std::deque<std::coroutine_handle<>> waiting_;
};

/// A bounded number of permits, given first come, first served. Loop thread only.
class Permits final {
public:
    Permits(Runtime& runtime, std::size_t count) : runtime_(runtime), free_(count) {}

    struct Awaiting {
        Permits& permits;

        bool await_ready() const noexcept {
            if (permits.free_ == 0) return false;
            --permits.free_;
            return true;
        }

        void await_suspend(std::coroutine_handle<> handle) const {
            permits.waiting_.push_back(handle);
        }

        void await_resume() const noexcept {}
    };

    /// `co_await permits.take()`, then `give_back()` exactly once.
    [[nodiscard]] Awaiting take() { return Awaiting{*this}; }

    /// A waiting coroutine inherits the permit; it runs on the next turn of the loop.
    void give_back() {
        if (waiting_.empty()) {
            ++free_;
            return;
        }
        const std::coroutine_handle<> next = waiting_.front();
        waiting_.pop_front();
        runtime_.post(next);
    }

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

private:
    Runtime& runtime_;
    std::size_t free_;
    std::deque<std::coroutine_handle<>> waiting_;
};

} // namespace backline
