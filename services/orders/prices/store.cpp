#include "services/orders/prices/store.hpp"

namespace backline::orders {

const store::CollectionSpec prices_spec{.service = "orders", .name = "prices"};

Task<QuoteResult> look_up_quote(
    PriceCollection& prices, std::vector<SkuQuantity> lines, Config config
) {
    QuoteResult result;
    std::vector<QuotedLine> quoted;
    for (const SkuQuantity& line : lines) {
        const store::Versioned<Price> price = co_await prices.find(line.sku);
        if (price && sold(*price, config)) {
            quoted.push_back(priced(line, *price));
        } else {
            result.not_sellable.push_back(line.sku);
        }
    }
    result.quote = quote_of(std::move(quoted), config);
    co_return result;
}

} // namespace backline::orders
