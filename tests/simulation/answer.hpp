#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/task.hpp"
#include "platform/base/problem.hpp"

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace backline::simulation {

/// One answer on its way from one simulated process to another. Whoever is first settles it: the one that answers, the
/// death of that one, or the patience of the one that waits. Runtimes outlive the run, also those of the dead.
template <class T> class Answer final {
public:
    explicit Answer(Runtime& waiter) : waiter_(waiter) {}

    void set(T value) {
        if (settled()) return;
        value_ = std::move(value);
        wake();
    }

    void fail(std::exception_ptr failure) {
        if (settled()) return;
        failure_ = std::move(failure);
        wake();
    }

    [[nodiscard]] bool settled() const { return value_.has_value() || failure_ != nullptr; }

    bool await_ready() const noexcept { return settled(); }

    void await_suspend(std::coroutine_handle<> handle) { waiting_ = handle; }

    T await_resume() {
        if (failure_) std::rethrow_exception(failure_);
        return std::move(*value_);
    }

private:
    void wake() {
        if (waiting_) waiter_.post(std::exchange(waiting_, {}));
    }

    Runtime& waiter_;
    std::coroutine_handle<> waiting_;
    std::optional<T> value_;
    std::exception_ptr failure_;
};

/// Settles `answer` with what comes of `work`, which runs wherever this is spawned: outside the process that waits, so
/// that its death takes no frame of others along.
template <class T> Task<> settle(Task<T> work, std::shared_ptr<Answer<T>> answer) {
    std::exception_ptr failure;
    try {
        T value = co_await work;
        answer->set(std::move(value));
    } catch (const Unavailable&) {
        failure = std::current_exception();
    }
    if (failure) answer->fail(failure);
}

} // namespace backline::simulation
