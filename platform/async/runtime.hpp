#pragma once

#include "platform/base/time.hpp"

#include <coroutine>
#include <cstdint>
#include <functional>

namespace backline {

/// The seam between the shop and the machine: five calls, and nothing else in service code knows of clocks, threads
/// or chance. `adapters/asio_runtime` is the real one; the simulator's runs the whole shop in one thread on virtual
/// time. Handles are always resumed on the one loop thread, never from inside the call that takes them.
///
/// Ownership: a runtime never destroys a handle. Whoever owns the frame must outlive the resumption, or (the
/// simulator's crash) tell its runtime to forget the handles first.
class Runtime {
public:
    Runtime() = default;
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;
    virtual ~Runtime() = default;

    /// UTC and monotonic time. Loop thread only.
    [[nodiscard]] virtual Now now() = 0;

    /// 64 random bits, good enough for ids, jitter and tokens (the real runtime asks the kernel's generator).
    [[nodiscard]] virtual std::uint64_t random() = 0;

    /// Resumes `handle` on the loop, after everything that is ready now. Loop thread only.
    virtual void post(std::coroutine_handle<> handle) = 0;

    /// Resumes `handle` on the loop at `time` or just after. Cannot be cancelled. Loop thread only.
    virtual void post_at(Monotonic time, std::coroutine_handle<> handle) = 0;

    /// Runs `work` away from the loop, then resumes `handle` on it. `work` owns all that it touches by value (or
    /// through the awaiting frame, which stays alive until `handle` is resumed) and must not throw.
    virtual void offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) = 0;
};

} // namespace backline
