#pragma once

#include "platform/base/list.hpp"
#include "platform/base/money.hpp"
#include "platform/base/paging.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/catalog/availability/api.hpp"
#include "services/catalog/categories/api.hpp"
#include "services/catalog/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>
#include <vector>

/// What crosses HTTP about products.
namespace backline::catalog {

/// draft: only staff see it; active: on sale; archived: gone from the shop, known to old orders.
enum class ProductStatus { draft, active, archived };
BOOST_DESCRIBE_ENUM(ProductStatus, draft, active, archived)

/// What the numbers of technical data are counted in.
enum class Unit {
    watt,
    hertz,
    ohm,
    decibel,
    volt,
    gram,
    millimetre,
    metre,
    lumen,
    kelvin,
    hour,
    degree,
    piece
};
BOOST_DESCRIBE_ENUM(
    Unit,
    watt,
    hertz,
    ohm,
    decibel,
    volt,
    gram,
    millimetre,
    metre,
    lumen,
    kelvin,
    hour,
    degree,
    piece
)

/// One line of the technical data: exactly one of a number with its unit, a text, and a yes or no.
struct Attribute {
    Text<1, 60> name;
    std::optional<Bounded<std::int64_t, -1'000'000'000, 1'000'000'000>> number;
    std::optional<Unit> unit; ///< With `number` only.
    std::optional<Text<1, 200>> text;
    std::optional<bool> flag;
};
BOOST_DESCRIBE_STRUCT(Attribute, (), (name, number, unit, text, flag))

[[nodiscard]] std::vector<FieldError> check(const Attribute& attribute);

struct EditVariant {
    Sku sku;
    VariantName name;
    Money price;
    bool sellable = true;
};
BOOST_DESCRIBE_STRUCT(EditVariant, (), (sku, name, price, sellable))

/// The highest price, in minor units: low enough that no sum of an order can overflow.
inline constexpr std::int64_t price_max = 1'000'000'000'000;

/// A price is neither negative nor above `price_max`.
[[nodiscard]] std::vector<FieldError> check(const EditVariant& variant);

/// `POST /v1/products`, and `PUT` to replace one.
struct EditProduct {
    Slug slug;
    ProductName name;
    Text<1, 4000> description;
    CategoryId category;
    ProductStatus status = ProductStatus::draft;
    List<EditVariant, 100, 1> variants;
    List<Attribute, 60> attributes;
};
BOOST_DESCRIBE_STRUCT(
    EditProduct, (), (slug, name, description, category, status, variants, attributes)
)

/// No SKU comes twice.
[[nodiscard]] std::vector<FieldError> check(const EditProduct& product);

struct VariantView {
    Sku sku;
    VariantName name;
    Money price;
    bool sellable = false;
    ShownUnits available; ///< Ten stands for ten or more.
};
BOOST_DESCRIBE_STRUCT(VariantView, (), (sku, name, price, sellable, available))

/// A product page.
struct ProductView {
    ProductId id;
    Slug slug;
    ProductName name;
    Text<1, 4000> description;
    CategoryId category;
    ProductStatus status = ProductStatus::draft;
    List<VariantView, 100> variants;
    List<Attribute, 60> attributes;
    Instant created_at{};
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(
    ProductView,
    (),
    (id, slug, name, description, category, status, variants, attributes, created_at, version)
)

/// A line of a list.
struct ProductRow {
    ProductId id;
    Slug slug;
    ProductName name;
    CategoryId category;
    ProductStatus status = ProductStatus::active;
    Money price_from; ///< Of the cheapest variant that is for sale.
    bool available = false;
};
BOOST_DESCRIBE_STRUCT(ProductRow, (), (id, slug, name, category, status, price_from, available))

enum class ProductSort { newest, name, price, price_descending };
BOOST_DESCRIBE_ENUM(ProductSort, newest, name, price, price_descending)

/// `GET /v1/products`
struct ListProducts {
    std::optional<CategoryId> category; ///< With everything below it.
    std::optional<Text<1, 80>> q;       ///< A part of the name, in whatever case.
    std::optional<Bounded<std::int64_t, 0, 1'000'000'000'000>> price_min; ///< Minor units.
    std::optional<Bounded<std::int64_t, 0, 1'000'000'000'000>> price_max;
    std::optional<ProductSort> sort;
    std::optional<ProductStatus> status; ///< Other than `active` to staff only.
    std::optional<PageLimit> limit;
    std::optional<PageCursor> after;
};
BOOST_DESCRIBE_STRUCT(
    ListProducts, (), (category, q, price_min, price_max, sort, status, limit, after)
)

} // namespace backline::catalog
