#include "adapters/asio_runtime/workers.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace backline::asio_runtime {

namespace {

/// Linux gives every thread its own priority and a name of at most 15 bytes.
void dress_thread(const std::string& name, int nice) {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    if (nice != 0) setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), nice);
}

} // namespace

Workers::Workers(const std::string& name, std::size_t threads, int nice) {
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this, name, nice] {
            dress_thread(name, nice);
            work();
        });
    }
}

Workers::~Workers() {
    finish();
}

void Workers::run(std::move_only_function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
}

void Workers::finish() {
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

void Workers::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return finishing_ || !jobs_.empty(); });
        if (jobs_.empty()) return;
        std::move_only_function<void()> job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        job = {};
        lock.lock();
    }
}

} // namespace backline::asio_runtime
