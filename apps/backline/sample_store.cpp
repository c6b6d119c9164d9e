#include "apps/backline/sample_store.hpp"

#include "apps/backline/sample_store_data.hpp"
#include "platform/async/wait.hpp"
#include "platform/schema/json.hpp"
#include "platform/security/tokens.hpp"
#include "services/catalog/categories/api.hpp"
#include "services/catalog/products/api.hpp"
#include "services/inventory/stock/api.hpp"
#include "services/users/accounts/model.hpp"

#include <map>
#include <stdexcept>

namespace backline::app {

using http::Method;

namespace {

void expect_made(const http::ClientAnswer& answer) {
    if (answer.status == 201) return;
    throw std::runtime_error("the shop does not take the sample store: " + answer.body);
}

/// One person's requests.
class Loader final {
public:
    Loader(http::Client& client, std::string url, Runtime& runtime, std::string bearer)
        : client_(client)
        , url_(std::move(url))
        , runtime_(runtime)
        , bearer_(std::move(bearer)) {}

    Task<> load(SampleStore store) {
        for (SampleCategory& category : store.categories) {
            co_await add_category(std::move(category));
        }
        for (SampleProduct& product : store.products) co_await add_product(std::move(product));
    }

private:
    Task<http::ClientAnswer> send(
        Method method, const std::string& target, std::string body, const std::string& key
    ) {
        http::ClientRequest request{url_ + target, method, std::move(body)};
        request.headers.set("Authorization", "Bearer " + bearer_);
        if (!key.empty()) request.headers.set("Idempotency-Key", "sample-" + key);
        return client_.send(std::move(request));
    }

    Task<> read_tree() {
        // As staff, who are never given a kept answer.
        const http::ClientAnswer answer = co_await send(Method::get, "/v1/categories", {}, {});
        const auto tree = unwrap(schema::read<catalog::CategoryTree>(answer.body));
        for (const auto& category : tree.categories) {
            categories_[category.slug.text()] = category.id;
        }
    }

    Task<> add_category(SampleCategory category) {
        co_await read_tree();
        if (categories_.contains(category.slug.text())) co_return;
        catalog::EditCategory edit{category.slug, category.name, {}, category.position};
        if (category.parent) edit.parent = categories_.at(category.parent->text());
        const http::ClientAnswer made =
            co_await send(Method::post, "/v1/categories", schema::write_json(edit), {});
        expect_made(made);
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
        const http::ClientAnswer made = co_await send(
            Method::post, "/v1/products", schema::write_json(edit), product.slug.text()
        );
        expect_made(made);
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
        http::ClientAnswer made = co_await send(Method::post, target, body, key);
        for (int tries = 0; made.status == 404 && tries < 1000; ++tries) {
            co_await sleep_for(runtime_, Duration{5});
            made = co_await send(Method::post, target, body, key);
        }
        expect_made(made);
    }

    http::Client& client_;
    std::string url_;
    Runtime& runtime_;
    std::string bearer_;
    std::map<std::string, catalog::CategoryId> categories_;
};

} // namespace

std::string loader_token(const security::TokenSigner& signer, Instant now) {
    const std::string loader = users::UserId::from_parts(Instant{}, 0, 1).text();
    const std::string session = users::SessionId::from_parts(Instant{}, 0, 1).text();
    const security::Principal staff{loader, session, users::permissions_of({users::Role::staff})};
    return signer.issue(staff, now).text;
}

Task<> load_sample_store(
    http::Client& client, std::string url, Runtime& runtime, std::string token
) {
    Loader loading(client, std::move(url), runtime, std::move(token));
    SampleStore store = unwrap(schema::read<SampleStore>(sample_store_json()));
    co_await loading.load(std::move(store));
}

} // namespace backline::app
