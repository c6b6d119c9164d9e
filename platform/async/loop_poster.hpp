#pragma once

#include <functional>

namespace backline {

/// The one way back to the loop for a thread that an adapter owns (a store's writer, a broker's receiver). It stands
/// beside `Runtime`, not in it: services never see it, and the simulator, which has no threads, need not have it.
class LoopPoster {
public:
    LoopPoster() = default;
    LoopPoster(const LoopPoster&) = delete;
    LoopPoster& operator=(const LoopPoster&) = delete;
    virtual ~LoopPoster() = default;

    /// Runs `work` on the loop thread, after what was posted before it from the same thread, never inside this call.
    /// Any thread, at any time while the poster lives; what the loop has no turn left to run is destroyed with it.
    /// `work` must not throw.
    virtual void post_from_any_thread(std::move_only_function<void()> work) = 0;
};

} // namespace backline
