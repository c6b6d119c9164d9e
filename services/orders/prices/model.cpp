#include "services/orders/prices/model.hpp"

namespace backline::orders {

QuotedLine priced(const SkuQuantity& line, const Price& price) {
    return {line, price.product, price.unit_price, price.unit_price * line.quantity.value()};
}

Quote quote_of(std::vector<QuotedLine> lines, const Config& config) {
    const Money nothing{0, config.currency};
    Totals totals{nothing, nothing, nothing, nothing};
    for (const QuotedLine& line : lines) totals.subtotal += line.total;
    const bool charged =
        !lines.empty() && totals.subtotal.amount < config.free_shipping_from.value();
    if (charged) totals.shipping.amount = config.shipping_fee.value();
    const Money taxed = totals.subtotal + totals.shipping;
    totals.tax.amount = (taxed.amount * config.tax_rate.value() + 5'000) / 10'000;
    totals.total = taxed + totals.tax;
    return {std::move(lines), totals};
}

} // namespace backline::orders
