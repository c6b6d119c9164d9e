#pragma once

#include "platform/store/collection.hpp"
#include "services/orders/prices/model.hpp"

/// What is kept about prices.
namespace backline::orders {

/// `prices`: one document per SKU.
extern const store::CollectionSpec prices_spec;

using PriceCollection = store::Collection<Price>;

/// What lines cost now, and which of them are not for sale.
struct QuoteResult {
    Quote quote;
    std::vector<catalog::Sku> not_sellable;
};

/// Looks up the prices of `lines`; those that are not for sale are left out of the quote.
Task<QuoteResult> look_up_quote(
    PriceCollection& prices, std::vector<SkuQuantity> lines, Config config
);

} // namespace backline::orders
