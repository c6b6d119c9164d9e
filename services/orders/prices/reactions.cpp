#include "services/orders/prices/reactions.hpp"

#include "platform/base/projection.hpp"

namespace backline::orders {

Task<> PriceReactions::product_changed(Message message, catalog::ProductChanged product) {
    for (const catalog::VariantOffer& variant : product.variants) {
        const auto decide = [&](const Price* known) -> Result<Change<Price>> {
            return keep_newest(
                known,
                Price{
                    variant.sku,
                    product.name,
                    variant.name,
                    variant.price,
                    variant.sellable,
                    message.epoch,
                    message.sequence
                }
            );
        };
        co_await prices_.update(variant.sku, decide, message.cause);
    }
}

} // namespace backline::orders
