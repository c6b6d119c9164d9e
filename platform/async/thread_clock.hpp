#pragma once

#include "platform/base/time.hpp"

#include <chrono>

namespace backline {

/// The monotonic clock for threads that an adapter owns, which may not ask the runtime: its clock is the loop's. Any
/// thread.
class ThreadClock final {
public:
    [[nodiscard]] Monotonic now() const {
        const auto since_start = std::chrono::steady_clock::now() - start_;
        return Monotonic{std::chrono::floor<Duration>(since_start)};
    }

    /// What a condition variable waits for.
    [[nodiscard]] std::chrono::steady_clock::time_point at(Monotonic time) const {
        return start_ + time.since_start;
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace backline
