#pragma once

#include <chrono>

namespace backline {

/// A point in UTC, to the millisecond, as it is stored and sent (RFC 3339). Comes from `Runtime::now` only.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// A length of time. Names that hold one end in `_for`.
using Duration = std::chrono::milliseconds;

/// A point on a clock that never jumps; timers live on it. It means nothing outside one process.
struct Monotonic {
    Duration since_start{};

    auto operator<=>(const Monotonic&) const = default;
};

inline Monotonic operator+(Monotonic at, Duration later) {
    return Monotonic{at.since_start + later};
}

/// Both clocks, read together.
struct Now {
    Instant utc{};
    Monotonic monotonic{};
};

} // namespace backline
