#include "tests/simulation/staff.hpp"

#include "platform/async/wait.hpp"
#include "platform/schema/json.hpp"
#include "services/catalog/categories/api.hpp"
#include "services/catalog/products/api.hpp"
#include "services/inventory/stock/api.hpp"
#include "tests/simulation/goods.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

namespace backline::simulation {

using catalog::ProductView;
using http::Method;

namespace {

Task<bool> add_stock(
    World& world, std::string sku, std::string location, int units, std::string key
) {
    inventory::NewAdjustment body;
    body.location = inventory::Location::of(location);
    body.quantity = inventory::UnitsDelta::of(units);
    body.reason = inventory::AdjustmentReason::received;
    const http::Response response = co_await world.insist(
        Method::post,
        "/v1/stock/" + sku + "/adjustments",
        schema::write_json(body),
        std::string(staff),
        std::move(key)
    );
    if (response.status == 201) world.journal().adjusted[sku] += units;
    co_return response.status == 201;
}

/// Until inventory has heard of the SKU, it is unknown.
Task<> stock_one(World& world, std::string sku, std::string location, int units) {
    if (units == 0) co_return;
    const std::string key = "stock-" + sku + "-" + location;
    bool done = co_await add_stock(world, sku, location, units, key);
    while (!done) {
        co_await sleep_for(world.outside(), Duration{500});
        done = co_await add_stock(world, sku, location, units, key);
    }
}

/// Whoever does not hear of what they made finds the slug taken, and looks it up.
Task<catalog::CategoryId> make_category(World& world) {
    catalog::EditCategory body;
    body.slug = catalog::Slug::of("everything");
    body.name = Text<1, 120>::of("Everything");
    co_await world.insist(
        Method::post, "/v1/categories", schema::write_json(body), std::string(staff)
    );
    const http::Response tree = co_await world.insist(Method::get, "/v1/categories", {}, {});
    co_return read<catalog::CategoryTree>(tree).categories.front().id;
}

catalog::EditProduct product_of(
    const Good& good, catalog::CategoryId category, std::int64_t price, bool sellable
) {
    catalog::EditProduct product;
    product.slug = catalog::Slug::of(fmt::format("good-{}", good.price));
    product.name = catalog::ProductName::of(good.sku);
    product.description = Text<1, 4000>::of("As loud as it looks.");
    product.category = category;
    product.status = catalog::ProductStatus::active;
    const Money unit_price{price, Currency("EUR")};
    product.variants.push_back(
        {catalog::Sku::of(good.sku), catalog::VariantName::of("standard"), unit_price, sellable}
    );
    return product;
}

Task<ProductView> list_good(World& world, const Good& good, catalog::CategoryId category) {
    const http::Response made = co_await world.insist(
        Method::post,
        "/v1/products",
        schema::write_json(product_of(good, category, good.price, true)),
        std::string(staff),
        fmt::format("list-{}", good.sku)
    );
    co_return read<ProductView>(made);
}

/// Somebody else, or a lost reply, may have been faster: then the change is not made.
Task<> reprice(World& world, const Good& good, catalog::ProductId id) {
    auto& random = world.loop().random();
    const std::string target = "/v1/products/" + id.text();
    const http::Response shown = co_await world.insist(Method::get, target, {}, std::string(staff));
    const auto seen = read<ProductView>(shown);
    const auto price = good.price + static_cast<std::int64_t>(random.below(100));
    const auto product = product_of(good, seen.category, price, !random.chance(150));
    const http::Response changed = co_await world.insist(
        Method::put, target, schema::write_json(product), std::string(staff), {}, seen.version
    );
    world.tally().count(fmt::format("price changes answered {}", changed.status));
}

} // namespace

Task<> run_the_catalog(World& world) {
    auto& random = world.loop().random();
    const catalog::CategoryId category = co_await make_category(world);
    std::vector<catalog::ProductId> products;
    for (const Good& good : goods) {
        const ProductView product = co_await list_good(world, good, category);
        products.push_back(product.id);
        co_await stock_one(world, std::string(good.sku), "main", good.main_units);
        co_await stock_one(world, std::string(good.sku), "depot", good.depot_units);
    }
    for (int i = 0; i < 12; ++i) {
        co_await sleep_for(world.outside(), world.fate().between(0, 8'000));
        const std::size_t which = random.below(goods.size());
        co_await reprice(world, goods[which], products[which]);
    }
}

Task<> tend(World& world) {
    auto& random = world.loop().random();
    for (int i = 0; i < 10; ++i) {
        co_await sleep_for(world.outside(), world.fate().between(0, 10'000));
        const Good& good = goods[random.below(goods.size())];
        const int units = random.chance(500) ? 2 : -1;
        co_await add_stock(
            world,
            std::string(good.sku),
            random.chance(500) ? "main" : "depot",
            units,
            fmt::format("adjust-{:04}", i)
        );
    }
}

} // namespace backline::simulation
