#include "services/inventory/holds/model.hpp"

#include <algorithm>

namespace backline::inventory {

namespace {

/// How long a half-done hold may lie before the sweeper takes it up.
constexpr Duration sweep_after{10'000};

/// Answers the question in `asked_by` with what is true now, where the hold has an answer to it.
Change<Hold> answered(Hold hold) {
    const orders::SagaRef ref = hold.asked_by;
    const HoldStatus status = hold.status;
    const List<Shortage, 100> shortages = hold.shortages;
    Change<Hold> change = Change<Hold>::to(std::move(hold));
    switch (status) {
    case HoldStatus::claiming:
    case HoldStatus::releasing:
        break;
    case HoldStatus::held:
        change.raise(StockHeld{ref});
        break;
    case HoldStatus::committed:
        change.raise(StockCommitted{ref});
        break;
    case HoldStatus::released:
        if (ref.step == orders::Step::hold_stock) {
            change.raise(StockRefused{ref, shortages});
        } else {
            change.raise(StockReleased{ref});
        }
        break;
    }
    return change;
}

} // namespace

HoldWork work_of(const Hold& hold) {
    switch (hold.status) {
    case HoldStatus::claiming:
        return HoldWork::claim;
    case HoldStatus::committed:
        return HoldWork::commit;
    case HoldStatus::releasing:
        return HoldWork::release;
    case HoldStatus::released:
        return hold.due_at ? HoldWork::tidy : HoldWork::nothing;
    case HoldStatus::held:
        break;
    }
    return HoldWork::nothing;
}

Change<Hold> open(const Hold* hold, const orders::StockHoldRequested& request, Instant now) {
    if (hold == nullptr) {
        Hold fresh{request.ref.order, HoldStatus::claiming, request.lines};
        std::ranges::sort(fresh.lines, {}, &orders::SkuQuantity::sku);
        fresh.asked_by = request.ref;
        fresh.due_at = now + sweep_after;
        return Change<Hold>::to(std::move(fresh));
    }
    const bool open = hold->asked_by.step == orders::Step::hold_stock;
    if (!open || hold->asked_by.attempt >= request.ref.attempt) return Change<Hold>::nothing();
    Hold next = *hold;
    next.asked_by = request.ref;
    return answered(std::move(next));
}

Change<Hold> all_claimed(const Hold& hold, std::vector<Pick> picks) {
    if (hold.status != HoldStatus::claiming) return Change<Hold>::nothing();
    Hold next = hold;
    next.status = HoldStatus::held;
    next.picks = std::move(picks);
    next.due_at.reset();
    return answered(std::move(next));
}

Change<Hold> short_of(const Hold& hold, std::vector<Shortage> shortages, Instant now) {
    if (hold.status != HoldStatus::claiming) return Change<Hold>::nothing();
    Hold next = hold;
    next.status = HoldStatus::releasing;
    next.shortages.assign(shortages.begin(), shortages.end());
    next.due_at = now + sweep_after;
    return Change<Hold>::to(std::move(next));
}

Change<Hold> sell(const Hold* hold, const orders::StockCommitRequested& request) {
    if (hold == nullptr) return Change<Hold>::nothing();
    const bool again = hold->status == HoldStatus::committed;
    if (again && hold->asked_by.attempt >= request.ref.attempt) return Change<Hold>::nothing();
    if (!again && hold->status != HoldStatus::held) return Change<Hold>::nothing();
    Hold next = *hold;
    next.status = HoldStatus::committed;
    next.was_committed = true;
    next.asked_by = request.ref;
    return answered(std::move(next));
}

Change<Hold> end(const Hold* hold, const orders::StockReleaseRequested& request, Instant now) {
    Hold next;
    if (hold != nullptr) {
        const bool again = hold->asked_by.step == orders::Step::release_stock;
        if (again && hold->asked_by.attempt >= request.ref.attempt) return Change<Hold>::nothing();
        next = *hold;
    } else {
        next.order = request.ref.order;
    }
    next.asked_by = request.ref;
    const bool touched = hold != nullptr && next.status != HoldStatus::released;
    next.status = touched ? HoldStatus::releasing : HoldStatus::released;
    if (touched) next.due_at = now + sweep_after;
    return answered(std::move(next));
}

Change<Hold> all_released(const Hold& hold, Instant now) {
    if (hold.status != HoldStatus::releasing) return Change<Hold>::nothing();
    Hold next = hold;
    next.status = HoldStatus::released;
    next.due_at.reset();
    if (next.was_committed) next.due_at = now + sweep_after;
    return answered(std::move(next));
}

Change<Hold> tidied(const Hold& hold) {
    if (work_of(hold) != HoldWork::tidy) return Change<Hold>::nothing();
    Hold next = hold;
    next.due_at.reset();
    return Change<Hold>::to(std::move(next));
}

Change<Hold> look_again(const Hold& hold, Instant due_at) {
    Hold next = hold;
    next.due_at = due_at;
    return Change<Hold>::to(std::move(next));
}

} // namespace backline::inventory
