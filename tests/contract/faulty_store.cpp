#include "tests/contract/faulty_store.hpp"

#include "platform/base/problem.hpp"

namespace backline::contract {

using store::CommitResult;

void FaultyStore::release() {
    holding_ = false;
    released_.notify();
}

Task<> FaultyStore::until_released() {
    while (holding_) co_await released_;
}

Task<std::optional<store::Stored>> FaultyStore::find(
    const store::CollectionSpec& collection, std::string id
) {
    ++finds_;
    const bool held = std::exchange(hold_find_, false);
    std::optional<store::Stored> found = co_await inner_.find(collection, std::move(id));
    if (held) co_await until_released();
    co_return found;
}

Task<std::vector<store::Store::Pending>> FaultyStore::pending(
    std::string after, std::size_t limit
) {
    ++pendings_;
    if (fail_pending_) throw Unavailable(Unavailable::Outcome::not_done, "made up");
    const bool held = std::exchange(hold_pending_, false);
    std::vector<Pending> found = co_await inner_.pending(std::move(after), limit);
    if (held) co_await until_released();
    co_return found;
}

FaultyStore::Fault FaultyStore::next_fault() {
    if (faults_.empty()) return always_;
    const Fault next = faults_.front();
    faults_.pop_front();
    return next;
}

Task<CommitResult> FaultyStore::commit(store::Commit commit) {
    const Fault fault = next_fault();
    if (fault == Fault::not_done) throw Unavailable(Unavailable::Outcome::not_done, "made up");
    if (fault == Fault::late) {
        late_ = std::move(commit);
        throw Unavailable(Unavailable::Outcome::unknown, "made up");
    }
    if (fault == Fault::lost_before) {
        throw Unavailable(Unavailable::Outcome::unknown, "made up");
    }
    if (fault == Fault::conflict) co_return CommitResult{CommitResult::Kind::conflict};
    CommitResult result = co_await inner_.commit(std::move(commit));
    if (result.kind == CommitResult::Kind::committed) ++commits_;
    if (result.kind == CommitResult::Kind::conflict) ++conflicts_;
    if (fault == Fault::lost_after) throw Unavailable(Unavailable::Outcome::unknown, "made up");
    co_return result;
}

} // namespace backline::contract
