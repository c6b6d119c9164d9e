#pragma once

#include "platform/async/task.hpp"

#include <cstddef>
#include <functional>

namespace backline {

/// Owns coroutines that nobody awaits one by one: connections, deliveries, timers. Nothing is ever detached: a group
/// is joined before it goes, or (the simulator's crash, the program's last exit) drops the frames that are left.
/// Loop thread only.
class TaskGroup final {
public:
    /// For tasks that nothing may leave: an exception that does is a bug, and ends the program.
    TaskGroup();

    /// `on_failure` is told of each exception that leaves a spawned task; it must not throw.
    explicit TaskGroup(std::function<void(std::exception_ptr)> on_failure);
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Drops the frames of the tasks that have not finished, newest first.
    ~TaskGroup();

    /// Starts `task` at once, on the caller's stack, up to its first suspension.
    void spawn(Task<> task);

    /// Waits until no task is left. One joiner at a time.
    Task<> join();

    [[nodiscard]] std::size_t running() const { return running_; }

private:
    struct Root;

    struct Links {
        Links* previous = nullptr;
        Links* next = nullptr;
    };
    struct JoinAwaiting;

    static Root run(TaskGroup& group, Task<> task);
    std::coroutine_handle<> finished(Links& links);

    std::function<void(std::exception_ptr)> on_failure_;
    Links tasks_{&tasks_, &tasks_};
    std::size_t running_ = 0;
    std::coroutine_handle<> joiner_;
};

} // namespace backline
