#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/task_group.hpp"

#include <coroutine>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

namespace backline::memory {

/// A seeded generator (SplitMix64, Steele, Lea and Flood 2014): the only source of chance in tests and simulation, the
/// same on every machine.
class SeededRandom final {
public:
    explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next();

    /// 0 to `bound` - 1.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }

    /// True `per_mille` times in a thousand.
    bool chance(std::uint64_t per_mille) { return below(1000) < per_mille; }

private:
    std::uint64_t state_;
};

/// Virtual time: one queue of coroutine handles ordered by (time, order of posting). Nothing waits for real time; the
/// clock jumps to the next entry. One loop serves any number of `VirtualRuntime`s, one for each simulated process.
class VirtualLoop final {
public:
    explicit VirtualLoop(std::uint64_t seed, Instant start = Instant{Duration{1'700'000'000'000}});

    [[nodiscard]] Now now() const { return {start_ + time_, Monotonic{time_}}; }

    [[nodiscard]] SeededRandom& random() { return random_; }

    /// Resumes the next entry; false if there is none.
    bool step();

    /// Calls `work` at `time`, whichever processes live or die: what the world outside does.
    void call_at(Monotonic time, std::move_only_function<void()> work);

    /// Steps until `time` is reached (the clock then stands there) or nothing is left.
    void run_until(Monotonic time);

    /// Mixes a fact into the trace. Two runs of one seed have the same trace; a run that differs in any commit,
    /// delivery or answer has another.
    void trace(std::string_view fact);

    [[nodiscard]] std::uint64_t trace_hash() const { return hash_; }

    [[nodiscard]] std::uint64_t steps() const { return sequence_; }

private:
    friend class VirtualRuntime;

    struct Entry {
        std::weak_ptr<const bool> alive; ///< Of the runtime that posted it; a crash lets it expire.
        std::coroutine_handle<> handle;
        std::shared_ptr<std::move_only_function<void()>> work;
    };

    void push(Duration at, Entry entry);

    Instant start_;
    std::shared_ptr<const bool> always_ = std::make_shared<const bool>(true);
    Duration time_{0};
    std::uint64_t sequence_ = 0;
    std::map<std::pair<Duration, std::uint64_t>, Entry> queue_;
    SeededRandom random_;
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

/// The runtime of one simulated process. When it is destroyed, everything that it was asked to resume is forgotten, so
/// the frames can be dropped: that is the process's death.
class VirtualRuntime final : public Runtime {
public:
    explicit VirtualRuntime(VirtualLoop& loop) : loop_(loop) {}

    [[nodiscard]] Now now() override { return loop_.now(); }

    [[nodiscard]] std::uint64_t random() override { return loop_.random().next(); }

    void post(std::coroutine_handle<> handle) override;
    void post_at(Monotonic time, std::coroutine_handle<> handle) override;

    /// The work runs on the loop when its turn comes; it takes 1 ms of virtual time.
    void offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) override;

    /// From now on nothing that was posted is resumed any more.
    void forget() { alive_.reset(); }

private:
    VirtualLoop& loop_;
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

/// Drives the loop until `task` has finished, and hands back its value or exception. For tests. Breaks an invariant if
/// the loop runs dry or a virtual hour passes first: the task waits for something that never comes.
template <class T> T run(VirtualLoop& loop, Task<T> task);

namespace detail {

void drive(VirtualLoop& loop, Task<> task);

template <class T> Task<> keep(Task<T> task, std::optional<T>& value) {
    T result = co_await task;
    value.emplace(std::move(result));
}

} // namespace detail

template <class T> T run(VirtualLoop& loop, Task<T> task) {
    std::optional<T> value;
    detail::drive(loop, detail::keep(std::move(task), value));
    return std::move(*value);
}

template <> inline void run<void>(VirtualLoop& loop, Task<void> task) {
    detail::drive(loop, std::move(task));
}

} // namespace backline::memory
