#pragma once

#include "platform/store/collection.hpp"
#include "services/inventory/stock/model.hpp"

/// What is kept about stock.
namespace backline::inventory {

/// `stock`: one document per SKU, with the ledger of its movements as its log.
extern const store::CollectionSpec stock_spec;
inline constexpr std::size_t stock_by_sku = 0;

/// `adjustments`: one document per Idempotency-Key that staff used.
extern const store::CollectionSpec adjustments_spec;
inline constexpr std::size_t adjustments_by_due_at = 0;

using StockCollection = store::Collection<Stock>;
using AdjustmentCollection = store::Collection<Adjustment>;

} // namespace backline::inventory
