#pragma once

#include "platform/service/service.hpp"
#include "services/inventory/holds/store.hpp"
#include "services/inventory/stock/store.hpp"

/// What inventory does when orders asks, and when a hold was left half-done.
namespace backline::inventory {

class HoldReactions final {
public:
    HoldReactions(Runtime& runtime, HoldCollection& holds, StockCollection& stock)
        : runtime_(runtime)
        , holds_(holds)
        , stock_(stock) {}

    /// Holds all lines or none, and answers `StockHeld` or `StockRefused`.
    Task<> stock_hold_requested(Message message, orders::StockHoldRequested request);

    /// Sells what is held; answers `StockCommitted`.
    Task<> stock_commit_requested(Message message, orders::StockCommitRequested request);

    /// Ends the hold; answers `StockReleased`.
    Task<> stock_release_requested(Message message, orders::StockReleaseRequested request);

    /// Finishes what a crash left.
    Task<> hold_due(store::Versioned<Hold> hold);

private:
    using Held = store::Versioned<Hold>;

    /// Does on the stocks what the hold says, up to the hold's next answer. Safe to repeat and to run twice at once.
    Task<> finish(Held hold, store::Cause cause);
    Task<> claim_all(Held hold, store::Cause cause);
    Task<> sell_all(Held hold, store::Cause cause);
    Task<> release_all(Held hold, store::Cause cause);
    Task<> tidy_all(Held hold, store::Cause cause);
    Task<> release_one(const Hold& hold, const orders::SkuQuantity& line, store::Cause cause);

    /// Refuses once the hold has another status: the fence of every write on a stock in a hold's name.
    Task<Result<void>> still(orders::OrderId order, HoldStatus status);
    [[nodiscard]] Cause moved_by(const Hold& hold) const;

    Runtime& runtime_;
    HoldCollection& holds_;
    StockCollection& stock_;
};

} // namespace backline::inventory
