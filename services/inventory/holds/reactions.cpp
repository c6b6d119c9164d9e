#include "services/inventory/holds/reactions.hpp"

#include "services/inventory/errors.hpp"

namespace backline::inventory {

Task<> HoldReactions::stock_hold_requested(Message message, orders::StockHoldRequested request) {
    const Instant now = runtime_.now().utc;
    const auto decide = [&](const Hold* hold) -> Result<Change<Hold>> {
        return open(hold, request, now);
    };
    const auto hold =
        co_await holds_.update(request.ref.order, decide, message.cause, {.creates = true});
    co_await finish(unwrap(hold), message.cause);
}

Task<> HoldReactions::stock_commit_requested(
    Message message, orders::StockCommitRequested request
) {
    const auto decide = [&](const Hold* hold) -> Result<Change<Hold>> {
        return sell(hold, request);
    };
    const auto hold = co_await holds_.update(request.ref.order, decide, message.cause);
    co_await finish(unwrap(hold), message.cause);
}

Task<> HoldReactions::stock_release_requested(
    Message message, orders::StockReleaseRequested request
) {
    const Instant now = runtime_.now().utc;
    const auto decide = [&](const Hold* hold) -> Result<Change<Hold>> {
        return end(hold, request, now);
    };
    const auto hold = co_await holds_.update(request.ref.order, decide, message.cause);
    co_await finish(unwrap(hold), message.cause);
}

Task<> HoldReactions::hold_due(store::Versioned<Hold> hold) {
    const Instant later = runtime_.now().utc + Duration{10'000};
    bool mine = false;
    const auto decide = [&](const Hold* current) -> Result<Change<Hold>> {
        mine = current->due_at == hold->due_at;
        return mine ? look_again(*current, later) : Change<Hold>::nothing();
    };
    const auto again = co_await holds_.update(hold->order, decide);
    if (mine) co_await finish(unwrap(again), {});
}

Task<> HoldReactions::finish(Held hold, store::Cause cause) {
    if (!hold) co_return;
    switch (work_of(*hold)) {
    case HoldWork::nothing:
        break;
    case HoldWork::claim:
        co_await claim_all(hold, cause);
        break;
    case HoldWork::commit:
        co_await sell_all(hold, cause);
        break;
    case HoldWork::release:
        co_await release_all(hold, cause);
        break;
    case HoldWork::tidy:
        co_await tidy_all(hold, cause);
        break;
    }
}

Task<> HoldReactions::claim_all(Held hold, store::Cause cause) {
    const orders::OrderId order = hold->order;
    const Cause by = moved_by(*hold);
    std::vector<Pick> picks;
    std::vector<Shortage> shortages;
    for (const orders::SkuQuantity& line : hold->lines) {
        std::optional<Shortage> shortage;
        const auto decide = [&](const Stock* stock) -> Result<Change<Stock>> {
            Claimed claimed = claim(stock, line, order, by);
            shortage = claimed.shortage;
            return std::move(claimed.change);
        };
        const auto guard = [&] { return still(order, HoldStatus::claiming); };
        const auto stock = co_await stock_.update(line.sku, decide, cause, {.guard = guard});
        if (!stock) co_return; // Ended meanwhile; whoever ended it releases what was claimed.
        if (shortage) shortages.push_back(*shortage);
        if (!*stock) continue;
        for (const Claim& claim : claims_of(**stock, order)) {
            picks.push_back({line.sku, claim.location, claim.quantity});
        }
    }
    const Instant now = runtime_.now().utc;
    const auto decide = [&](const Hold* current) -> Result<Change<Hold>> {
        return shortages.empty() ? all_claimed(*current, picks)
                                 : short_of(*current, shortages, now);
    };
    const auto next = co_await holds_.update(order, decide, cause);
    if (!shortages.empty()) co_await release_all(unwrap(next), cause);
}

Task<> HoldReactions::sell_all(Held hold, store::Cause cause) {
    const orders::OrderId order = hold->order;
    const Cause by = moved_by(*hold);
    for (const orders::SkuQuantity& line : hold->lines) {
        const auto decide = [&](const Stock* stock) -> Result<Change<Stock>> {
            return commit(stock, order, by);
        };
        co_await stock_.update(line.sku, decide, cause);
    }
}

Task<> HoldReactions::release_all(Held hold, store::Cause cause) {
    if (!hold || hold->status != HoldStatus::releasing) co_return;
    for (const orders::SkuQuantity& line : hold->lines) co_await release_one(*hold, line, cause);
    const Instant now = runtime_.now().utc;
    const auto decide = [&](const Hold* current) -> Result<Change<Hold>> {
        return all_released(*current, now);
    };
    const auto released = co_await holds_.update(hold->order, decide, cause);
    co_await tidy_all(unwrap(released), cause);
}

Task<> HoldReactions::tidy_all(Held hold, store::Cause cause) {
    if (work_of(*hold) != HoldWork::tidy) co_return;
    for (const orders::SkuQuantity& line : hold->lines) {
        const auto forget = [&](const Stock* stock) -> Result<Change<Stock>> {
            return unmark(stock, hold->order.text());
        };
        co_await stock_.update(line.sku, forget, cause);
    }
    const auto decide = [](const Hold* current) -> Result<Change<Hold>> {
        return tidied(*current);
    };
    co_await holds_.update(hold->order, decide, cause);
}

Task<> HoldReactions::release_one(
    const Hold& hold, const orders::SkuQuantity& line, store::Cause cause
) {
    const Cause by = moved_by(hold);
    std::vector<Claim> picked;
    for (const Pick& pick : hold.picks) {
        if (pick.sku == line.sku) picked.push_back({hold.order, pick.location, pick.quantity});
    }
    const auto decide = [&](const Stock* stock) -> Result<Change<Stock>> {
        if (!hold.was_committed) return release(stock, hold.order, by);
        return take_back(stock, picked, hold.order, by);
    };
    const auto guard = [&] { return still(hold.order, HoldStatus::releasing); };
    co_await stock_.update(line.sku, decide, cause, {.guard = guard});
}

Task<Result<void>> HoldReactions::still(orders::OrderId order, HoldStatus status) {
    const store::Versioned<Hold> hold = co_await holds_.find(order);
    if (hold && hold->status == status) co_return Result<void>{};
    co_return refuse(error("hold_closed"), "The hold of " + order.text() + " has moved on.");
}

Cause HoldReactions::moved_by(const Hold& hold) const {
    return {Text<1, 40>::of("orders"), Text<1, 200>::of(hold.order.text()), runtime_.now().utc};
}

} // namespace backline::inventory
