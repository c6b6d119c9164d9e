#include "adapters/sqlite/group.hpp"

#include "platform/base/problem.hpp"

#include <algorithm>
#include <iterator>

namespace backline::sqlite {

namespace {

template <class T> void move_front(std::deque<T>& from, std::size_t limit, std::vector<T>& to) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(limit, from.size()));
    to.assign(std::move_iterator(from.begin()), std::move_iterator(std::next(from.begin(), count)));
    from.erase(from.begin(), std::next(from.begin(), count));
}

void refuse_all(Group& group, Unavailable::Outcome outcome, const std::string& reason) {
    const auto failure = std::make_exception_ptr(Unavailable(outcome, reason));
    for (WriteItem& item : group.items) {
        if (!item.answer.failure) item.answer = WriteAnswer{.failure = failure};
    }
}

/// False if an item failed alone, so that what was written has to be undone and tried without it.
bool apply_items(Group& group, Transaction& transaction) {
    for (WriteItem& item : group.items) {
        if (item.answer.failure) continue;
        item.answer = {};
        try {
            transaction.apply(item);
        } catch (const NotNow&) {
            throw;
        } catch (const StorageFailed&) {
            throw;
        } catch (const std::exception&) {
            item.answer = WriteAnswer{.failure = std::current_exception()};
            return false;
        }
    }
    return true;
}

bool try_group(Group& group, Transaction& transaction) {
    transaction.begin();
    if (!apply_items(group, transaction)) {
        transaction.rollback();
        return false;
    }
    transaction.settle(group.settled);
    transaction.commit();
    return true;
}

} // namespace

GroupQueue::GroupQueue() : GroupQueue(Limits{}) {}

GroupQueue::GroupQueue(Limits limits) : limits_(limits) {}

void GroupQueue::add(Ticket ticket, Write write) {
    waiting_.push_back(WriteItem{ticket, std::move(write)});
}

void GroupQueue::settle(std::vector<Settled> events, Monotonic now) {
    if (events.empty()) return;
    if (!lazy_due_) lazy_due_ = now + limits_.lazy_for;
    std::ranges::move(events, std::back_inserter(settled_));
}

bool GroupQueue::withdraw(Ticket ticket) {
    return std::erase_if(waiting_, [&](const WriteItem& item) { return item.ticket == ticket; }) >
           0;
}

Group GroupQueue::take(Monotonic now, bool all) {
    Group group;
    const bool lazy_is_due = lazy_due_ && (all || *lazy_due_ <= now);
    if (waiting_.empty() && !lazy_is_due) return group;
    move_front(waiting_, limits_.items, group.items);
    move_front(settled_, limits_.settled, group.settled);
    if (settled_.empty()) lazy_due_.reset();
    return group;
}

void GroupQueue::give_back(std::vector<Settled> events, Monotonic now, Duration pause_for) {
    if (events.empty()) return;
    std::ranges::move(events, std::back_inserter(settled_));
    lazy_due_ = now + pause_for;
}

GroupOutcome run_group(Group& group, Transaction& transaction) {
    try {
        while (!try_group(group, transaction)) {
        }
        return {};
    } catch (const NotNow& reason) {
        transaction.rollback();
        refuse_all(group, Unavailable::Outcome::not_done, reason.what());
        return {GroupEnd::refused, reason.what()};
    } catch (const std::exception& reason) {
        transaction.rollback();
        refuse_all(group, Unavailable::Outcome::unknown, reason.what());
        return {GroupEnd::failed, reason.what()};
    }
}

} // namespace backline::sqlite
