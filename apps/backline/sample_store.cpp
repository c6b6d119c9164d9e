#include "apps/backline/sample_store.hpp"

#include "apps/backline/sample_store_data.hpp"
#include "platform/async/wait.hpp"
#include "platform/base/invariant.hpp"
#include "platform/http/router.hpp"
#include "platform/schema/json.hpp"
#include "platform/security/tokens.hpp"
#include "services/catalog/categories/api.hpp"
#include "services/catalog/products/api.hpp"
#include "services/inventory/stock/api.hpp"
#include "services/users/accounts/model.hpp"

#include <map>

namespace backline::app {

using http::Method;

namespace {

/// One person's requests through the router.
class Loader final {
public:
    Loader(http::Router& router, Runtime& runtime, std::string bearer)
        : router_(router)
        , runtime_(runtime)
        , bearer_(std::move(bearer)) {}

    Task<> load(SampleStore store) {
        for (SampleCategory& category : store.categories) {
            co_await add_category(std::move(category));
        }
        for (SampleProduct& product : store.products) co_await add_product(std::move(product));
    }

private:
    Task<http::Response> send(
        Method method, std::string target, std::string body, std::string key
    ) {
        http::Request request = http::Request::to(method, target, std::move(body));
        request.headers.set("Authorization", "Bearer " + bearer_);
        request.headers.set("Content-Type", "application/json");
        if (!key.empty()) request.headers.set("Idempotency-Key", "sample-" + key);
        return router_.handle(std::move(request));
    }

    Task<> read_tree() {
        http::Request request = http::Request::to(Method::get, "/v1/categories");
        const http::Response response = co_await router_.handle(std::move(request));
        const auto tree = unwrap(schema::read<catalog::CategoryTree>(response.body));
        for (const auto& category : tree.categories) {
            categories_[category.slug.text()] = category.id;
        }
    }

    Task<> add_category(SampleCategory category) {
        co_await read_tree();
        if (categories_.contains(category.slug.text())) co_return;
        catalog::EditCategory edit{category.slug, category.name, {}, category.position};
        if (category.parent) edit.parent = categories_.at(category.parent->text());
        const http::Response made =
            co_await send(Method::post, "/v1/categories", schema::write_json(edit), {});
        INVARIANT(made.status == 201, "the sample store is sound: " + made.body);
        co_await read_tree();
    }

    Task<> add_product(SampleProduct product) {
        catalog::EditProduct edit{
            product.slug,
            product.name,
            product.description,
            categories_.at(product.category.text()),
            catalog::ProductStatus::active,
            {},
            product.attributes
        };
        for (const SampleVariant& variant : product.variants) {
            edit.variants.push_back({variant.sku, variant.name, {variant.price, Currency("EUR")}});
        }
        const http::Response made = co_await send(
            Method::post, "/v1/products", schema::write_json(edit), product.slug.text()
        );
        INVARIANT(made.status == 201, "the sample store is sound: " + made.body);
        for (const SampleVariant& variant : product.variants) {
            co_await add_stock(variant.sku, "main", variant.main);
            co_await add_stock(variant.sku, "depot", variant.depot);
        }
    }

    /// Inventory learns of a SKU a moment after the catalog has it.
    Task<> add_stock(catalog::Sku sku, std::string location, int units) {
        if (units == 0) co_return;
        inventory::NewAdjustment adjustment;
        adjustment.location = inventory::Location::of(location);
        adjustment.quantity = inventory::UnitsDelta::of(units);
        adjustment.reason = inventory::AdjustmentReason::received;
        const std::string target = "/v1/stock/" + sku.text() + "/adjustments";
        const std::string body = schema::write_json(adjustment);
        const std::string key = sku.text() + "-" + location;
        http::Response made = co_await send(Method::post, target, body, key);
        for (int tries = 0; made.status == 404 && tries < 1000; ++tries) {
            co_await sleep_for(runtime_, Duration{5});
            made = co_await send(Method::post, target, body, key);
        }
        INVARIANT(made.status == 201, "the sample store is sound: " + made.body);
    }

    http::Router& router_;
    Runtime& runtime_;
    std::string bearer_;
    std::map<std::string, catalog::CategoryId> categories_;
};

} // namespace

Task<> load_sample_store(
    http::Router& router, Runtime& runtime, const security::TokenSigner& signer
) {
    const Instant now = runtime.now().utc;
    const std::string loader = users::UserId::from_parts(Instant{}, 0, 1).text();
    const std::string session = users::SessionId::from_parts(Instant{}, 0, 1).text();
    const security::Principal staff{loader, session, users::permissions_of({users::Role::staff})};
    Loader loading(router, runtime, signer.issue(staff, now).text);
    SampleStore store = unwrap(schema::read<SampleStore>(sample_store_json()));
    co_await loading.load(std::move(store));
}

} // namespace backline::app
