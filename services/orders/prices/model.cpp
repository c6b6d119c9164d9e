#include "services/orders/prices/model.hpp"

namespace backline::orders {

namespace {

constexpr std::int64_t whole = 10'000; ///< What a tax rate is a part of.

/// Rounded half up. In two parts, since the product of a large amount and a rate does not fit 64 bits.
std::int64_t tax_on(std::int64_t amount, std::int64_t rate) {
    return amount / whole * rate + (amount % whole * rate + whole / 2) / whole;
}

} // namespace

bool sold(const Price& price, const Config& config) {
    return price.sellable && price.unit_price.currency == config.currency;
}

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
    totals.tax.amount = tax_on(taxed.amount, config.tax_rate.value());
    totals.total = taxed + totals.tax;
    return {std::move(lines), totals};
}

} // namespace backline::orders
