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
    std::optional<Slug> slug; ///< None if its addition was given up.
    ProductName name;
    Text<1, 4000> description;
    CategoryId category;
    std::optional<ProductStatus> status; ///< None if its addition was given up: it does not exist.
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

/// Says which product a SKU belongs to: written before the product is stored with it, and from then on for ever. A
/// claim that its product does not make good lapses. Who wants the SKU then disowns that product, as the guard of its
/// own claim: this writes the product, also one that was never stored, so that an addition or edit that is still under
/// way finds another version than it started from.
struct SkuOwner {
    Sku sku;
    ProductId product;
    Instant claimed_at{};

    bool operator==(const SkuOwner&) const = default;
};
BOOST_DESCRIBE_STRUCT(SkuOwner, (), (sku, product, claimed_at))

/// Refuses `sku_taken` for one that is another product's, unless that is the claim that `lapsed`. A repeated claim is
/// written again, so that nobody takes it for the one that lapsed.
Result<Change<SkuOwner>> claim_sku(
    const SkuOwner* known, const SkuOwner& wanted, const std::optional<SkuOwner>& lapsed
);

/// Takes the claim on a SKU from a product, which stays as it is or is not there, in a new version. Refuses `sku_taken`
/// if it sells the SKU.
Result<Change<Product>> disown(const Product* known, ProductId id, const Sku& sku);

/// Whether the SKU is one of its variants, for sale or not.
[[nodiscard]] bool sells(const Product& product, const Sku& sku);

/// What an edit has to claim: the SKUs that the product does not have yet.
[[nodiscard]] std::vector<SkuOwner> claims_of(
    const Product* known, ProductId id, const EditProduct& asked, Instant now
);

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
