#pragma once

#include "platform/base/change.hpp"
#include "services/catalog/events.hpp"
#include "services/orders/carts/api.hpp"
#include "services/orders/config.hpp"
#include "services/orders/events.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <vector>

/// What orders knows of goods: the catalog's word, kept per SKU.
namespace backline::orders {

struct Price {
    catalog::Sku sku;
    catalog::ProductName product;
    catalog::VariantName variant;
    Money unit_price;
    bool sellable = false;
    std::int64_t epoch = 0;    ///< Of the event that said so.
    std::int64_t sequence = 0; ///< The newest (epoch, sequence) wins.
};
BOOST_DESCRIBE_STRUCT(Price, (), (sku, product, variant, unit_price, sellable, epoch, sequence))

/// One line at the price of now.
struct QuotedLine {
    SkuQuantity line;
    catalog::ProductName name;
    Money unit_price;
    Money total;
};
BOOST_DESCRIBE_STRUCT(QuotedLine, (), (line, name, unit_price, total))

/// Prices of lines in the order that they were asked for.
struct Quote {
    std::vector<QuotedLine> lines;
    Totals totals;
};
BOOST_DESCRIBE_STRUCT(Quote, (), (lines, totals))

/// Adds up: shipping and tax as configured, tax rounded half up on the sum.
[[nodiscard]] Quote quote_of(std::vector<QuotedLine> lines, const Config& config);

/// Whether it is for sale here: the catalog says so, and the price is in the shop's currency.
[[nodiscard]] bool sold(const Price& price, const Config& config);

[[nodiscard]] QuotedLine priced(const SkuQuantity& line, const Price& price);

} // namespace backline::orders
