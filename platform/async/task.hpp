#pragma once

#include "platform/base/invariant.hpp"

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace backline {

/// What service code speaks: a coroutine that runs when it is awaited and hands its value (or exception) to the one
/// that awaits it. Lazy, single-shot, move-only; the `Task` owns the frame, so dropping an unfinished task drops
/// everything that it was waiting for. No executor in its type and no cancellation: see docs/adr/0009-one-loop.md.
///
/// The design is the usual one with symmetric transfer (Lewis Baker, "Understanding Symmetric Transfer", 2020).
template <class T = void> class [[nodiscard]] Task;

namespace detail {

struct ResumeAwaiting {
    bool await_ready() const noexcept { return false; }

    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) const noexcept {
        return finished.promise().awaiting;
    }

    void await_resume() const noexcept {}
};

struct TaskPromiseBase {
    std::coroutine_handle<> awaiting = std::noop_coroutine();
    std::exception_ptr failure;

    std::suspend_always initial_suspend() const noexcept { return {}; }

    ResumeAwaiting final_suspend() const noexcept { return {}; }

    void unhandled_exception() noexcept { failure = std::current_exception(); }
};

template <class T> struct TaskPromise final : TaskPromiseBase {
    std::optional<T> value;

    Task<T> get_return_object();

    template <class U> void return_value(U&& result) { value.emplace(std::forward<U>(result)); }

    T take() {
        if (failure) std::rethrow_exception(failure);
        return std::move(*value);
    }
};

template <> struct TaskPromise<void> final : TaskPromiseBase {
    Task<void> get_return_object();

    void return_void() const noexcept {}

    void take() const {
        if (failure) std::rethrow_exception(failure);
    }
};

} // namespace detail

template <class T> class [[nodiscard]] Task final {
public:
    using promise_type = detail::TaskPromise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    explicit Task(Handle frame) : frame_(frame) {}

    Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}

    Task& operator=(Task&& other) noexcept {
        if (this != &other) {
            drop();
            frame_ = std::exchange(other.frame_, {});
        }
        return *this;
    }

    ~Task() { drop(); }

    bool await_ready() const noexcept { return false; }

    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
        frame_.promise().awaiting = awaiting;
        return frame_;
    }

    T await_resume() { return frame_.promise().take(); }

private:
    void drop() {
        if (frame_) frame_.destroy();
    }

    Handle frame_;
};

namespace detail {

template <class T> Task<T> TaskPromise<T>::get_return_object() {
    return Task<T>(std::coroutine_handle<TaskPromise<T>>::from_promise(*this));
}

inline Task<void> TaskPromise<void>::get_return_object() {
    return Task<void>(std::coroutine_handle<TaskPromise<void>>::from_promise(*this));
}

} // namespace detail
} // namespace backline
