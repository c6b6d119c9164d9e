#pragma once

#include "platform/store/collection.hpp"
#include "services/catalog/products/model.hpp"

/// What is kept about products.
namespace backline::catalog {

/// `products`: one document per product, with its variants.
extern const store::CollectionSpec products_spec;
inline constexpr std::size_t products_by_slug = 0;
inline constexpr std::size_t products_by_newest = 1;
inline constexpr std::size_t products_by_name = 2;
inline constexpr std::size_t products_by_price = 3;

/// `skus`: who owns each SKU.
extern const store::CollectionSpec skus_spec;

using ProductCollection = store::Collection<Product>;
using SkuCollection = store::Collection<SkuOwner>;

/// The product, or a falsy one: also where its addition was given up.
Task<store::Versioned<Product>> find_product(ProductCollection& products, ProductId id);

/// One page of those that match, in the order of an index, under a budget of documents that are looked at: a page may
/// be short, or even empty, and still have a `next`.
Task<store::Slice<Product>> search(ProductCollection& products, store::Range range, Wanted wanted);

} // namespace backline::catalog
