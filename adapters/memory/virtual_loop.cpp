#include "adapters/memory/virtual_loop.hpp"

#include "platform/base/invariant.hpp"

namespace backline::memory {

std::uint64_t SeededRandom::next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

VirtualLoop::VirtualLoop(std::uint64_t seed, Instant start) : start_(start), random_(seed) {}

void VirtualLoop::push(Duration at, Entry entry) {
    queue_.emplace(std::pair{std::max(at, time_), sequence_++}, std::move(entry));
}

bool VirtualLoop::step() {
    if (queue_.empty()) return false;
    const auto first = queue_.extract(queue_.begin());
    time_ = first.key().first;
    const Entry& entry = first.mapped();
    if (entry.alive.expired()) return true;
    if (entry.work) (*entry.work)();
    entry.handle.resume();
    return true;
}

void VirtualLoop::call_at(Monotonic time, std::move_only_function<void()> work) {
    auto kept = std::make_shared<std::move_only_function<void()>>(std::move(work));
    push(time.since_start, {always_, std::noop_coroutine(), std::move(kept)});
}

void VirtualLoop::run_until(Monotonic time) {
    while (!queue_.empty() && queue_.begin()->first.first <= time.since_start) step();
    time_ = std::max(time_, time.since_start);
}

void VirtualLoop::trace(std::string_view fact) {
    const auto mix = [this](std::uint64_t byte) { hash_ = (hash_ ^ byte) * 0x100000001b3; };
    for (const char c : fact) mix(static_cast<unsigned char>(c));
    mix(static_cast<std::uint64_t>(time_.count()));
}

void VirtualRuntime::post(std::coroutine_handle<> handle) {
    loop_.push(loop_.time_, {alive_, handle, nullptr});
}

void VirtualRuntime::post_at(Monotonic time, std::coroutine_handle<> handle) {
    loop_.push(time.since_start, {alive_, handle, nullptr});
}

void VirtualRuntime::offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) {
    auto kept = std::make_shared<std::move_only_function<void()>>(std::move(work));
    loop_.push(loop_.time_ + Duration{1}, {alive_, handle, std::move(kept)});
}

namespace detail {

void drive(VirtualLoop& loop, Task<> task) {
    std::exception_ptr failure;
    TaskGroup group([&](std::exception_ptr thrown) { failure = std::move(thrown); });
    group.spawn(std::move(task));
    const Monotonic limit = loop.now().monotonic + std::chrono::hours{1};
    while (group.running() > 0) {
        const bool more = loop.step();
        INVARIANT(more && loop.now().monotonic < limit, "a task finishes within a virtual hour");
    }
    if (failure) std::rethrow_exception(failure);
}

} // namespace detail
} // namespace backline::memory
