#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace backline::sqlite {

/// Sees to it that the loop looks for late calls, from a thread of its own, since a hung disk can stop the writer and
/// the reader both. Rests while no call is under way.
class Watch final {
public:
    /// `look` is called on the watch's thread after each `every` while calls are under way; it brings about a call of
    /// `looked` on the loop. Must not throw.
    Watch(std::chrono::milliseconds every, std::function<void()> look);
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();

    /// A call begins. Loop thread; costs a system call only if the watch rests.
    void begin();

    /// The loop has looked; with `calls_left` false the watch rests. Loop thread.
    void looked(bool calls_left);

    /// Idempotent.
    void stop();

private:
    enum class State { resting, waiting, looking, stopped };

    void work();
    void enter(State state);

    std::chrono::milliseconds every_;
    std::function<void()> look_;
    bool resting_ = true; ///< As the loop knows it.
    std::mutex mutex_;
    std::condition_variable changed_;
    State state_ = State::resting;
    std::thread thread_;
};

} // namespace backline::sqlite
