#pragma once

#include "platform/async/loop_poster.hpp"
#include "platform/async/task.hpp"
#include "platform/async/task_group.hpp"

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

/// For this adapter's tests: a loop with nothing but what other threads post to it, and a directory that goes.
namespace backline::sqlite {

class TestLoop final : public LoopPoster {
public:
    void post_from_any_thread(std::move_only_function<void()> work) override {
        const std::scoped_lock lock(mutex_);
        posted_.push_back(std::move(work));
        changed_.notify_one();
    }

    /// Turns until `done`; throws after ten seconds without news.
    void run_until(const std::function<bool()>& done) {
        while (!done()) {
            if (!turn(std::chrono::seconds{10})) {
                throw std::runtime_error("nothing happened for ten seconds");
            }
        }
    }

    /// Turns for a while, whatever happens.
    void run_for(std::chrono::milliseconds time) {
        while (turn(time)) {
        }
    }

    /// Waits for a task and hands back its value or exception.
    template <class T> T run(Task<T> task) {
        std::optional<T> value;
        run(keep(std::move(task), value));
        return std::move(*value);
    }

    void run(Task<> task) {
        std::exception_ptr failure;
        TaskGroup group([&](std::exception_ptr thrown) { failure = thrown; });
        group.spawn(std::move(task));
        run_until([&] { return group.running() == 0; });
        if (failure) std::rethrow_exception(failure);
    }

private:
    template <class T> static Task<> keep(Task<T> task, std::optional<T>& value) {
        T result = co_await task;
        value.emplace(std::move(result));
    }

    /// False if nothing came in time.
    bool turn(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, time, [this] { return !posted_.empty(); })) return false;
        std::deque<std::move_only_function<void()>> ready;
        ready.swap(posted_);
        lock.unlock();
        for (std::move_only_function<void()>& work : ready) work();
        return true;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::move_only_function<void()>> posted_;
};

class TestDirectory final {
public:
    TestDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "backline-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }

    TestDirectory(const TestDirectory&) = delete;
    TestDirectory& operator=(const TestDirectory&) = delete;

    ~TestDirectory() { std::filesystem::remove_all(path_); }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    [[nodiscard]] std::filesystem::path database() const { return path_ / "backline.db"; }

private:
    std::filesystem::path path_;
};

} // namespace backline::sqlite
