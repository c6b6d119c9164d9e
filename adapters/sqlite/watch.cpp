#include "adapters/sqlite/watch.hpp"

#include <pthread.h>

namespace backline::sqlite {

Watch::Watch(std::chrono::milliseconds every, std::function<void()> look)
    : every_(every)
    , look_(std::move(look)) {
    thread_ = std::thread([this] { work(); });
    pthread_setname_np(thread_.native_handle(), "sqlite-watch");
}

Watch::~Watch() {
    stop();
}

void Watch::begin() {
    if (!resting_) return;
    resting_ = false;
    enter(State::waiting);
}

void Watch::looked(bool calls_left) {
    resting_ = !calls_left;
    enter(calls_left ? State::waiting : State::resting);
}

void Watch::stop() {
    if (!thread_.joinable()) return;
    enter(State::stopped);
    thread_.join();
}

void Watch::enter(State state) {
    const std::scoped_lock lock(mutex_);
    if (state_ == State::stopped) return;
    state_ = state;
    // From waiting to resting nothing has to happen at once.
    if (state != State::resting) changed_.notify_one();
}

void Watch::work() {
    std::unique_lock lock(mutex_);
    while (state_ != State::stopped) {
        if (state_ != State::waiting) {
            changed_.wait(lock);
            continue;
        }
        changed_.wait_for(lock, every_, [this] { return state_ == State::stopped; });
        if (state_ != State::waiting) continue;
        state_ = State::looking;
        lock.unlock();
        look_();
        lock.lock();
    }
}

} // namespace backline::sqlite
