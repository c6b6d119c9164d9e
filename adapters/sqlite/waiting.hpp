#pragma once

#include "adapters/sqlite/work.hpp"
#include "platform/base/time.hpp"

#include <coroutine>
#include <map>
#include <vector>

namespace backline::sqlite {

/// The coroutines that wait for an answer, oldest first. `Answer` lies in the waiting frame; once it has been answered,
/// by whomever, later answers to the same ticket find nobody. Loop thread only.
template <class Answer> class Waiting final {
public:
    void add(Ticket ticket, Answer& answer, std::coroutine_handle<> handle, Monotonic deadline) {
        waiters_.emplace(ticket, Waiter{&answer, handle, deadline});
    }

    /// Hands over the answer and resumes who waits for it.
    void answer(Ticket ticket, Answer answer) {
        const auto found = waiters_.find(ticket);
        if (found == waiters_.end()) return;
        const Waiter waiter = found->second;
        waiters_.erase(found);
        *waiter.answer = std::move(answer);
        waiter.handle.resume();
    }

    /// Those whose deadline has passed. All deadlines are equally long, so the oldest tickets are the first.
    [[nodiscard]] std::vector<Ticket> late(Monotonic now) const {
        std::vector<Ticket> tickets;
        for (const auto& [ticket, waiter] : waiters_) {
            if (waiter.deadline > now) break;
            tickets.push_back(ticket);
        }
        return tickets;
    }

    [[nodiscard]] bool empty() const { return waiters_.empty(); }

private:
    struct Waiter {
        Answer* answer;
        std::coroutine_handle<> handle;
        Monotonic deadline;
    };

    std::map<Ticket, Waiter> waiters_;
};

} // namespace backline::sqlite
