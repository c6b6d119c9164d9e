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

    /// Claims the SKUs first, then stores the product; a repetition with the same key carries on, unless another
    /// product took over a claim of it meanwhile.
    Task<http::Created<ProductView>> create(http::Context& ctx, EditProduct body);
    Task<ProductView> replace(http::Context& ctx, ProductId id, EditProduct body);

private:
    /// Checks all that can be checked, claims the SKUs, stores the product. `seen` is falsy for a new one.
    Task<store::Versioned<Product>> store_product(
        http::Context& ctx, ProductId id, EditProduct body, store::Versioned<Product> seen
    );

    /// A request that is bound to fail must claim nothing.
    Task<> refuse_what_is_taken(
        ProductId id, const EditProduct& body, const std::vector<SkuOwner>& claims
    );

    Task<> claim(SkuOwner wanted, store::Cause cause);

    /// The claim that `wanted` may take over: another product's that is old and was never made good.
    Task<std::optional<SkuOwner>> lapsed_claim(SkuOwner wanted);
    Task<Result<void>> disown_sku(ProductId id, Sku sku, store::Cause cause);
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
