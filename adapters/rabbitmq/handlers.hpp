#pragma once

#include "adapters/rabbitmq/member.hpp"
#include "platform/async/task_group.hpp"

#include <list>
#include <memory>

namespace backline::rabbitmq {

/// Runs handlers, as many of a member as it has permits, and waits for none longer than a time: whoever is late has
/// failed. A coroutine cannot be stopped from outside, so it goes on behind with its permit, beside the next try of the
/// same event, which a handler must bear anyway. Loop thread only.
class Handlers final {
public:
    Handlers(Runtime& runtime, Duration within) : runtime_(runtime), within_(within) {}

    /// As `hand_over`, but no later than when `give_up_late` finds it late. The caller has taken a permit, which is
    /// given back when the handler has ended.
    Task<std::exception_ptr> run(Member& member, bus::EventRecord event);

    /// To be called now and then.
    void give_up_late();

    /// Resolves when no handler is left, the late ones too.
    Task<> join() { return tasks_.join(); }

private:
    struct Try {
        Try(Runtime& runtime, Monotonic end) : until(end), ended(runtime) {}

        Monotonic until;
        bool over = false;
        std::exception_ptr failure{};
        Signal ended;

        void end(std::exception_ptr with);
    };

    Task<> handle(Member& member, bus::EventRecord event, std::shared_ptr<Try> tried);

    Runtime& runtime_;
    const Duration within_;
    std::list<std::shared_ptr<Try>> tries_; ///< In the order of their ends.
    TaskGroup tasks_;
};

} // namespace backline::rabbitmq
