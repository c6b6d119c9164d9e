#pragma once

#include "platform/base/list.hpp"
#include "services/catalog/categories/api.hpp"
#include "services/catalog/products/api.hpp"

#include <boost/describe/class.hpp>

#include <string_view>

/// The shape of `sample_store.json`.
namespace backline::app {

struct SampleCategory {
    catalog::Slug slug;
    Text<1, 120> name;
    std::optional<catalog::Slug> parent;
    catalog::Position position;
};
BOOST_DESCRIBE_STRUCT(SampleCategory, (), (slug, name, parent, position))

struct SampleVariant {
    catalog::Sku sku;
    catalog::VariantName name;
    std::int64_t price = 0; ///< Cents, without tax.
    int main = 0;           ///< Units on the shelf of `main`.
    int depot = 0;
};
BOOST_DESCRIBE_STRUCT(SampleVariant, (), (sku, name, price, main, depot))

struct SampleProduct {
    catalog::Slug slug;
    catalog::ProductName name;
    Text<1, 4000> description;
    catalog::Slug category;
    List<SampleVariant, 100> variants;
    List<catalog::Attribute, 60> attributes;
};
BOOST_DESCRIBE_STRUCT(SampleProduct, (), (slug, name, description, category, variants, attributes))

struct SampleStore {
    List<SampleCategory, 100> categories;
    List<SampleProduct, 1000> products;
};
BOOST_DESCRIBE_STRUCT(SampleStore, (), (categories, products))

/// The file, as it was when the program was built.
[[nodiscard]] std::string_view sample_store_json();

} // namespace backline::app
