#include "tests/contract/real_loop.hpp"

#include "platform/async/task_group.hpp"

#include <stdexcept>

namespace backline::contract {

namespace {

constexpr Instant started{Duration{1'700'000'000'000}};
constexpr Duration patience{10'000};

} // namespace

Now RealLoop::now() {
    const Monotonic monotonic = clock_.now();
    return Now{started + monotonic.since_start, monotonic};
}

void RealLoop::post(std::coroutine_handle<> handle) {
    post_from_any_thread([handle] { handle.resume(); });
}

void RealLoop::post_at(Monotonic time, std::coroutine_handle<> handle) {
    timers_.emplace(time, handle);
}

void RealLoop::offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) {
    work();
    post(handle);
}

void RealLoop::post_from_any_thread(Work work) {
    const std::scoped_lock lock(mutex_);
    posted_.push_back(std::move(work));
    changed_.notify_one();
}

void RealLoop::run(Task<> task) {
    std::exception_ptr failure;
    TaskGroup group([&](std::exception_ptr thrown) { failure = std::move(thrown); });
    group.spawn(std::move(task));
    while (group.running() > 0) turn();
    if (failure) std::rethrow_exception(failure);
}

void RealLoop::turn() {
    take_due();
    std::unique_lock lock(mutex_);
    const Monotonic give_up_at = clock_.now() + patience;
    const Monotonic until =
        timers_.empty() ? give_up_at : std::min(give_up_at, timers_.begin()->first);
    changed_.wait_until(lock, clock_.at(until), [this] { return !posted_.empty(); });
    if (posted_.empty() && until == give_up_at) {
        throw std::runtime_error("nothing happened for ten seconds");
    }
    std::deque<Work> ready;
    ready.swap(posted_);
    lock.unlock();
    for (Work& work : ready) work();
}

void RealLoop::take_due() {
    while (!timers_.empty() && timers_.begin()->first <= clock_.now()) {
        post(timers_.begin()->second);
        timers_.erase(timers_.begin());
    }
}

void RealLoop::forget() {
    timers_.clear();
    const std::scoped_lock lock(mutex_);
    posted_.clear();
}

} // namespace backline::contract
