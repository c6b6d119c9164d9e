#pragma once

#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"
#include "platform/service/idempotency.hpp"
#include "services/catalog/availability/store.hpp"
#include "services/catalog/categories/store.hpp"
#include "services/catalog/products/store.hpp"

/// Requests about products.
namespace backline::catalog {

class ProductHandlers final {
public:
    ProductHandlers(
        ProductCollection& products,
        SkuCollection& skus,
        CategoryCollection& categories,
        AvailabilityCollection& availability,
        IdempotencyKeys& keys,
        const Config& config
    )
        : products_(products)
        , skus_(skus)
        , categories_(categories)
        , availability_(availability)
        , keys_(keys)
        , config_(config) {}

    Task<http::Page<ProductRow>> list(http::Context& ctx, http::Query<ListProducts> query);

    /// Drafts and archived ones to staff only.
    Task<ProductView> show(http::Context& ctx, ProductId id);

    /// Claims the SKUs first, then stores the product; a repetition with the same key carries on.
    Task<http::Created<ProductView>> create(http::Context& ctx, EditProduct body);
    Task<ProductView> replace(http::Context& ctx, ProductId id, EditProduct body);

private:
    /// Checks all that can be checked, claims the SKUs, stores the product. `seen` is falsy for a new one.
    Task<store::Versioned<Product>> store_product(
        http::Context& ctx, ProductId id, EditProduct body, store::Versioned<Product> seen
    );

    /// A SKU is claimed for ever, so a request that is bound to fail must claim none.
    Task<> refuse_what_is_taken(ProductId id, const EditProduct& body);
    Task<ProductView> view_with_stock(store::Versioned<Product> product);
    Task<bool> any_available(const Product& product);
    Task<Wanted> wanted_by(const ListProducts& query);

    ProductCollection& products_;
    SkuCollection& skus_;
    CategoryCollection& categories_;
    AvailabilityCollection& availability_;
    IdempotencyKeys& keys_;
    const Config& config_;
};

} // namespace backline::catalog
