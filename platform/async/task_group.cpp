#include "platform/async/task_group.hpp"

#include "platform/base/invariant.hpp"

namespace backline {

/// The frame of one spawned task: linked into its group while it runs, destroyed by its own last step.
struct TaskGroup::Root {
    struct promise_type : Links {
        TaskGroup& group;

        promise_type(TaskGroup& owner, Task<>&) : group(owner) {
            previous = owner.tasks_.previous;
            next = &owner.tasks_;
            previous->next = this;
            next->previous = this;
            ++owner.running_;
        }

        Root get_return_object() {
            return Root{std::coroutine_handle<promise_type>::from_promise(*this)};
        }

        struct Final {
            bool await_ready() const noexcept { return false; }

            std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> done
            ) noexcept {
                TaskGroup& owner = done.promise().group;
                const std::coroutine_handle<> next = owner.finished(done.promise());
                done.destroy();
                return next;
            }

            void await_resume() const noexcept {}
        };

        std::suspend_always initial_suspend() const noexcept { return {}; }

        Final final_suspend() const noexcept { return {}; }

        void return_void() const noexcept {}

        void unhandled_exception() const noexcept { group.on_failure_(std::current_exception()); }
    };

    std::coroutine_handle<promise_type> frame;
};

struct TaskGroup::JoinAwaiting {
    TaskGroup& group;

    bool await_ready() const noexcept { return group.running_ == 0; }

    void await_suspend(std::coroutine_handle<> joiner) const noexcept { group.joiner_ = joiner; }

    void await_resume() const noexcept {}
};

TaskGroup::TaskGroup() : TaskGroup([](std::exception_ptr) { std::terminate(); }) {}

TaskGroup::TaskGroup(std::function<void(std::exception_ptr)> on_failure)
    : on_failure_(std::move(on_failure)) {}

TaskGroup::~TaskGroup() {
    while (tasks_.previous != &tasks_) {
        auto* links = tasks_.previous;
        links->previous->next = links->next;
        links->next->previous = links->previous;
        auto& promise = static_cast<Root::promise_type&>(*links);
        std::coroutine_handle<Root::promise_type>::from_promise(promise).destroy();
    }
}

TaskGroup::Root TaskGroup::run(TaskGroup&, Task<> task) {
    co_await task;
}

void TaskGroup::spawn(Task<> task) {
    run(*this, std::move(task)).frame.resume();
}

Task<> TaskGroup::join() {
    INVARIANT(!joiner_, "a task group has one joiner at a time");
    co_await JoinAwaiting{*this};
    joiner_ = {};
}

std::coroutine_handle<> TaskGroup::finished(Links& links) {
    links.previous->next = links.next;
    links.next->previous = links.previous;
    --running_;
    if (running_ == 0 && joiner_) return joiner_;
    return std::noop_coroutine();
}

} // namespace backline
