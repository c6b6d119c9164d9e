#include "services/inventory/stock/reactions.hpp"

namespace backline::inventory {

Task<> StockReactions::product_changed(Message message, catalog::ProductChanged product) {
    for (const catalog::VariantOffer& variant : product.variants) {
        const auto decide = [&](const Stock* stock) -> Result<Change<Stock>> {
            return introduce(stock, variant.sku);
        };
        co_await stock_.update(variant.sku, decide, message.cause);
    }
}

} // namespace backline::inventory
