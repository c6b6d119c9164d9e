#pragma once

#include "platform/base/paging.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"
#include "platform/service/idempotency.hpp"
#include "services/inventory/stock/store.hpp"

/// Requests of staff about stock.
namespace backline::inventory {

class StockHandlers final {
public:
    StockHandlers(StockCollection& stock, AdjustmentCollection& adjustments, IdempotencyKeys& keys)
        : stock_(stock)
        , adjustments_(adjustments)
        , keys_(keys) {}

    /// All SKUs in order.
    Task<http::Page<StockView>> list(http::Context& ctx, http::Query<Paging> query);

    Task<StockView> show(http::Context& ctx, catalog::Sku sku);

    /// The ledger of one SKU, oldest first.
    Task<http::Page<Movement>> movements(
        http::Context& ctx, catalog::Sku sku, http::Query<LogPaging> query
    );

    /// Corrects one location, once per Idempotency-Key.
    Task<http::Created<AdjustmentView>> adjust_stock(
        http::Context& ctx, catalog::Sku sku, NewAdjustment body
    );

    /// One that a crash left half-done.
    Task<> adjustment_due(store::Versioned<Adjustment> adjustment);

private:
    /// Does what remains to be done: the stock first, then `applied`, then the mark goes, then `done`.
    Task<> finish(store::Versioned<Adjustment> adjustment, store::Cause cause);
    Task<> apply(const AdjustmentView& adjustment, store::Cause cause);
    Task<> move(AdjustmentId id, AdjustmentStatus status, store::Cause cause);
    Task<Result<void>> still_applying(AdjustmentId id);

    StockCollection& stock_;
    AdjustmentCollection& adjustments_;
    IdempotencyKeys& keys_;
};

} // namespace backline::inventory
