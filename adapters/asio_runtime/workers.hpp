#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace backline::asio_runtime {

/// A fixed number of named threads that run jobs first come, first served. The queue has no bound of its own: whoever
/// offloads bounds what it has in flight (`Permits`). Any thread may call `run`.
class Workers final {
public:
    /// `nice` is added to the threads' priority, so that hashing yields to serving.
    Workers(const std::string& name, std::size_t threads, int nice);
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// As `finish`.
    ~Workers();

    /// `job` must not throw.
    void run(std::move_only_function<void()> job);

    /// Runs what is queued, then ends the threads. No job may follow.
    void finish();

private:
    void work();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::move_only_function<void()>> jobs_;
    bool finishing_ = false;
    std::vector<std::thread> threads_;
};

} // namespace backline::asio_runtime
