#include "services/catalog/service.hpp"

#include "platform/http/refusals.hpp"
#include "services/catalog/availability/reactions.hpp"
#include "services/catalog/categories/handlers.hpp"
#include "services/catalog/errors.hpp"
#include "services/catalog/products/handlers.hpp"

// START HERE: everything that the Catalog Service serves, hears, does by the clock and keeps.
namespace backline::catalog {

namespace {

using security::Access;

const store::CollectionSpec keys_spec = IdempotencyKeys::collection_of("catalog");

struct Parts {
    Parts(Backends on, Config configured)
        : config(configured)
        , categories(on.store, on.runtime, categories_spec)
        , products(on.store, on.runtime, products_spec)
        , skus(on.store, on.runtime, skus_spec)
        , availability(on.store, on.runtime, availability_spec)
        , keys(on.store, on.runtime, keys_spec) {}

    Config config;
    CategoryCollection categories;
    ProductCollection products;
    SkuCollection skus;
    AvailabilityCollection availability;
    IdempotencyKeys keys;

    CategoryHandlers category_requests{categories};
    ProductHandlers product_requests{products, skus, categories, availability, keys, config};
    AvailabilityReactions stock_news{availability};
};

http::Routes category_routes(Parts& on) {
    using H = CategoryHandlers;
    CategoryHandlers& to = on.category_requests;
    const Access write = Access::needs("catalog:write");
    return {
        get("/v1/categories", to, &H::tree, Access::anyone(), "Show the tree of categories")
            .cached(&on.categories.generation()),
        post("/v1/categories", to, &H::create, write, "Add a category")
            .refuses(error("slug_taken"), error("category_missing"), error("categories_full")),
        put("/v1/categories/{category_id}", to, &H::replace, write, "Change or move a category")
            .versioned()
            .refuses(
                error("category_unknown"),
                error("slug_taken"),
                error("category_missing"),
                error("category_cycle")
            ),
    };
}

http::Routes product_routes(Parts& on) {
    using H = ProductHandlers;
    ProductHandlers& to = on.product_requests;
    const Access write = Access::needs("catalog:write");
    const std::uint64_t* products = &on.products.generation();
    const std::uint64_t* stock = &on.stock_news.generation();
    return {
        get("/v1/products", to, &H::list, Access::anyone(), "List products")
            .cached(products, stock, &on.categories.generation())
            .refuses(http::http_error("token_missing"), http::http_error("permission_missing")),
        get("/v1/products/{product_id}", to, &H::show, Access::anyone(), "Show a product")
            .cached(products, stock)
            .showing_more()
            .refuses(error("product_unknown")),
        post("/v1/products", to, &H::create, write, "Add a product")
            .idempotent()
            .refuses(
                error("slug_taken"),
                error("sku_taken"),
                error("addition_given_up"),
                error("category_missing"),
                error("currency_foreign")
            ),
        put("/v1/products/{product_id}", to, &H::replace, write, "Change a product")
            .versioned_always()
            .refuses(
                error("product_unknown"),
                error("slug_taken"),
                error("sku_taken"),
                error("sku_dropped"),
                error("category_missing"),
                error("currency_foreign")
            ),
    };
}

} // namespace

Service make_service(Backends backends, Config config) {
    auto parts = std::make_shared<Parts>(backends, config);
    return {
        .name = "catalog",
        .collections =
            {&categories_spec, &products_spec, &skus_spec, &availability_spec, &keys_spec},
        .routes = http::joined({category_routes(*parts), product_routes(*parts)}),
        .reactions = {on(parts->stock_news, &AvailabilityReactions::availability_changed)},
        .refusals = refusals,
        .parts = parts,
    };
}

} // namespace backline::catalog
