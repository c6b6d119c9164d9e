#pragma once

#include "platform/base/change.hpp"
#include "platform/base/id.hpp"
#include "platform/base/list.hpp"
#include "platform/base/money.hpp"
#include "platform/base/text.hpp"

#include <boost/describe/class.hpp>

#include <string_view>

/// What the Catalog Service tells the world, and the names by which others know goods.
namespace backline::catalog {

struct ProductTag {
    static constexpr std::string_view prefix = "prd";
};

using ProductId = Id<ProductTag>;

/// A stock keeping unit: what is counted, priced and put into a cart. Chosen by the shop, never reused.
struct SkuRule {
    static constexpr TextRules rules{
        .name = "SKU",
        .min = 3,
        .max = 40,
        .example = "MIX-X32-RACK",
        .pattern = "^[A-Z0-9][A-Z0-9-]{1,38}[A-Z0-9]$"
    };

    static bool accepts(std::string_view raw) {
        for (const char c : raw) {
            if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')) return false;
        }
        return raw.front() != '-' && raw.back() != '-';
    }
};

using Sku = CheckedText<SkuRule>;

using ProductName = Text<2, 160>;
using VariantName = Text<1, 120>;

/// One variant as others need to know it.
struct VariantOffer {
    Sku sku;
    VariantName name;
    Money price; ///< For one, without tax or discount.
    bool sellable =
        false; ///< False once it was taken off sale; it stays listed so that everyone hears of it.
};
BOOST_DESCRIBE_STRUCT(VariantOffer, (), (sku, name, price, sellable))

/// A product and all variants that it ever had, as they are now.
struct ProductChanged {
    static constexpr EventInfo event{"backline.catalog.product_changed.v1", EventKind::state};

    ProductId product;
    ProductName name;
    List<VariantOffer, 100> variants;
};
BOOST_DESCRIBE_STRUCT(ProductChanged, (), (product, name, variants))

} // namespace backline::catalog
