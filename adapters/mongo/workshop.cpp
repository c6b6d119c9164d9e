#include "adapters/mongo/workshop.hpp"

namespace backline::mongo {

void CountedLane::offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) {
    {
        const std::scoped_lock lock(mutex_);
        ++under_way_;
    }
    lane_.offload(
        [this, work = std::move(work)]() mutable {
            work();
            const std::scoped_lock lock(mutex_);
            --under_way_;
            changed_.notify_all();
        },
        handle
    );
}

void CountedLane::wait_until_idle() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return under_way_ == 0; });
}

Task<> Workshop::enter() {
    if (free_.waiting() >= settings().waiting_max) {
        throw Unavailable(Unavailable::Outcome::not_done, "too many calls wait for MongoDB");
    }
    const Monotonic give_up_at = loop_.now().monotonic + settings().waits_within;
    co_await free_.take();
    if (loop_.now().monotonic <= give_up_at) co_return;
    free_.give_back();
    throw Unavailable(Unavailable::Outcome::not_done, "MongoDB is too slow for what is asked");
}

} // namespace backline::mongo
