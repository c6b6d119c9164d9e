#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/catalog/config.hpp"
#include "services/catalog/products/api.hpp"

#include <boost/describe/class.hpp>

#include <string>
#include <vector>

/// Decisions about products. Pure.
namespace backline::catalog {

struct Product {
    ProductId id;
    Slug slug;
    ProductName name;
    Text<1, 4000> description;
    CategoryId category;
    ProductStatus status = ProductStatus::draft;
    List<EditVariant, 100> variants;
    List<Attribute, 60> attributes;
    std::string name_key; ///< For sorting and searching without case.
    Money price_from;
    Instant created_at{};
};
BOOST_DESCRIBE_STRUCT(
    Product,
    (),
    (id,
     slug,
     name,
     description,
     category,
     status,
     variants,
     attributes,
     name_key,
     price_from,
     created_at)
)

/// Says which product a SKU belongs to, for ever: written before the product is.
struct SkuOwner {
    Sku sku;
    ProductId product;
};
BOOST_DESCRIBE_STRUCT(SkuOwner, (), (sku, product))

/// Refuses `sku_taken` for one that is another product's. Nothing if it is this one's.
Result<Change<SkuOwner>> claim_sku(const SkuOwner* known, const Sku& sku, ProductId product);

/// What an edit makes of a product, new or known; tells others what they may sell now. Refuses `currency_foreign`;
/// `sku_dropped` where a variant would be missing.
Result<Change<Product>> edit(
    const Product* known, ProductId id, const EditProduct& asked, const Config& config, Instant now
);

/// What a list is asked for, beside its order.
struct Wanted {
    std::vector<CategoryId> categories{}; ///< Any, if empty.
    std::string name_part{};
    std::optional<std::int64_t> price_min{};
    std::optional<std::int64_t> price_max{};
};

[[nodiscard]] bool matches(const Product& product, const Wanted& wanted);

/// Letters of ASCII in lower case.
[[nodiscard]] std::string lower(std::string text);

/// The page without what stock knows; the caller fills in `available`.
[[nodiscard]] ProductView view_of(const Product& product, std::int64_t version);
[[nodiscard]] ProductRow row_of(const Product& product);

} // namespace backline::catalog
