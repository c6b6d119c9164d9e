#include "services/inventory/stock/handlers.hpp"

#include "platform/service/paging.hpp"
#include "services/inventory/errors.hpp"

namespace backline::inventory {

namespace {

/// Between `still_applying` and `apply` only; no caller sees it.
constexpr Refusal already_moved_on{"adjustment_moved_on", 409, "Another attempt moved it on.", ""};

} // namespace

Task<http::Page<StockView>> StockHandlers::list(http::Context&, http::Query<Paging> query) {
    const auto range = paged(*query, {.index = stock_by_sku});
    const auto found = co_await stock_.page(range);
    co_return page_of(unwrap(found));
}

Task<StockView> StockHandlers::show(http::Context&, catalog::Sku sku) {
    const store::Versioned<Stock> stock = co_await stock_.find(sku);
    if (!stock) throw Refused({&error("sku_unknown"), "Inventory knows no such SKU."});
    co_return view_of(*stock, stock.version);
}

Task<http::Page<Movement>> StockHandlers::movements(
    http::Context&, catalog::Sku sku, http::Query<LogPaging> query
) {
    const store::Versioned<Stock> stock = co_await stock_.find(sku);
    if (!stock) throw Refused({&error("sku_unknown"), "Inventory knows no such SKU."});
    co_return co_await log_page<Movement>(stock_, sku, *query);
}

Task<http::Created<AdjustmentView>> StockHandlers::adjust_stock(
    http::Context& ctx, catalog::Sku sku, NewAdjustment body
) {
    if (body.quantity.value() == 0) throw Refused({&error("adjustment_zero"), "Nothing to do."});
    const auto id = co_await keys_.mint<AdjustmentId>(ctx, "adjust_stock/" + sku.text(), body);
    const Text<1, 40> actor = Text<1, 40>::of(ctx.principal.subject);
    const AdjustmentView asked{
        id, sku, body.location, body.quantity, body.reason, body.reference, actor, ctx.now.utc
    };
    const store::Cause cause{ctx.request.traceparent};
    const auto begin = [&](const Adjustment* known) -> Result<Change<Adjustment>> {
        return begin_adjustment(known, asked);
    };
    const auto adjustment = co_await adjustments_.update(id, begin, cause);
    co_await finish(unwrap(adjustment), cause);
    co_return http::Created<AdjustmentView>{
        (*adjustment)->view, "/v1/stock/" + sku.text() + "/movements"
    };
}

Task<> StockHandlers::adjustment_due(store::Versioned<Adjustment> adjustment) {
    try {
        co_await finish(adjustment, {});
    } catch (const Refused&) {
        // Noted as refused; whoever asked was not there to hear it.
    }
}

Task<> StockHandlers::finish(store::Versioned<Adjustment> adjustment, store::Cause cause) {
    const AdjustmentView& view = adjustment->view;
    if (adjustment->status == AdjustmentStatus::applying) co_await apply(view, cause);
    if (adjustment->status == AdjustmentStatus::done) co_return;
    const auto forget = [&](const Stock* known) -> Result<Change<Stock>> {
        return unmark(known, view.id.text());
    };
    co_await stock_.update(view.sku, forget, cause);
    co_await move(view.id, AdjustmentStatus::done, cause);
}

Task<> StockHandlers::apply(const AdjustmentView& adjustment, store::Cause cause) {
    const auto once = [&](const Stock* stock) -> Result<Change<Stock>> {
        return adjust(stock, adjustment);
    };
    const auto guard = [&] { return still_applying(adjustment.id); };
    const auto stock = co_await stock_.update(adjustment.sku, once, cause, {.guard = guard});
    if (!stock && stock.error().refusal == &already_moved_on) {
        const store::Versioned<Adjustment> now = co_await adjustments_.find(adjustment.id);
        if (now->status >= AdjustmentStatus::applied) co_return;
        throw Unavailable(Unavailable::Outcome::unknown, stock.error().detail);
    }
    const auto status = stock ? AdjustmentStatus::applied : AdjustmentStatus::refused;
    co_await move(adjustment.id, status, cause);
    require(stock);
}

Task<> StockHandlers::move(AdjustmentId id, AdjustmentStatus status, store::Cause cause) {
    const auto decide = [&](const Adjustment* known) -> Result<Change<Adjustment>> {
        return move_on(*known, status);
    };
    const auto moved = co_await adjustments_.update(id, decide, std::move(cause));
    require(moved);
}

Task<Result<void>> StockHandlers::still_applying(AdjustmentId id) {
    const store::Versioned<Adjustment> adjustment = co_await adjustments_.find(id);
    if (adjustment->status == AdjustmentStatus::applying) co_return Result<void>{};
    co_return refuse(already_moved_on, "Another attempt at this adjustment was faster.");
}

} // namespace backline::inventory
