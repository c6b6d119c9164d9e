#include "services/catalog/products/handlers.hpp"

#include "services/catalog/errors.hpp"

namespace backline::catalog {

namespace {

constexpr std::string_view write_permission = "catalog:write";

store::Range range_of(const ListProducts& query, ProductStatus status) {
    store::Range range{.equals = {std::string(name_of(status))}};
    range.limit = static_cast<std::size_t>(query.limit ? query.limit->value() : 20);
    if (query.after) range.after = query.after->text();
    switch (query.sort.value_or(ProductSort::newest)) {
    case ProductSort::newest:
        range.index = products_by_newest;
        range.descending = true;
        break;
    case ProductSort::name:
        range.index = products_by_name;
        break;
    case ProductSort::price:
        range.index = products_by_price;
        break;
    case ProductSort::price_descending:
        range.index = products_by_price;
        range.descending = true;
        break;
    }
    return range;
}

} // namespace

Task<http::Page<ProductRow>> ProductHandlers::list(
    http::Context& ctx, http::Query<ListProducts> query
) {
    const bool staff = ctx.principal.may(write_permission);
    const ProductStatus asked = query->status.value_or(ProductStatus::active);
    const ProductStatus status = staff ? asked : ProductStatus::active;
    Wanted wanted = co_await wanted_by(*query);
    const auto found = co_await search(products_, range_of(*query, status), std::move(wanted));
    http::Page<ProductRow> page{{}, found.next};
    for (const auto& product : found.items) {
        ProductRow row = row_of(*product);
        row.available = co_await any_available(*product);
        page.items.push_back(std::move(row));
    }
    co_return page;
}

Task<Wanted> ProductHandlers::wanted_by(const ListProducts& query) {
    Wanted wanted;
    if (query.category) {
        const auto all = co_await all_categories(categories_);
        wanted.categories = with_descendants(plain(all), *query.category);
    }
    if (query.q) wanted.name_part = lower(query.q->text());
    if (query.price_min) wanted.price_min = query.price_min->value();
    if (query.price_max) wanted.price_max = query.price_max->value();
    co_return wanted;
}

Task<ProductView> ProductHandlers::show(http::Context& ctx, ProductId id) {
    const store::Versioned<Product> product = co_await products_.find(id);
    const bool visible = product && (product->status == ProductStatus::active ||
                                     ctx.principal.may(write_permission));
    if (!visible) throw Refused({&error("product_unknown"), "No product has this id."});
    co_return co_await view_with_stock(product);
}

Task<http::Created<ProductView>> ProductHandlers::create(http::Context& ctx, EditProduct body) {
    const auto id = co_await keys_.mint<ProductId>(ctx, "create_product", body);
    store::Versioned<Product> product = co_await products_.find(id);
    if (!product) product = co_await store_product(ctx, id, std::move(body));
    const ProductView view = co_await view_with_stock(product);
    co_return http::Created<ProductView>{view, "/v1/products/" + id.text()};
}

Task<ProductView> ProductHandlers::replace(http::Context& ctx, ProductId id, EditProduct body) {
    const store::Versioned<Product> seen = co_await products_.find(id);
    if (!seen) throw Refused({&error("product_unknown"), "No product has this id."});
    ctx.require_version(seen.version);
    const auto product = co_await store_product(ctx, id, std::move(body));
    co_return co_await view_with_stock(product);
}

Task<store::Versioned<Product>> ProductHandlers::store_product(
    http::Context& ctx, ProductId id, EditProduct body
) {
    const store::Versioned<Category> category = co_await categories_.find(body.category);
    if (!category) throw Refused({&error("category_missing"), "No category has this id."});
    const store::Cause cause{ctx.request.traceparent};
    for (const EditVariant& variant : body.variants) {
        const auto claim = [&](const SkuOwner* known) { return claim_sku(known, variant.sku, id); };
        const auto owner = co_await skus_.update(variant.sku, claim, cause);
        require(owner);
    }
    const auto decide = [&](const Product* known) {
        return edit(known, id, body, config_, ctx.now.utc);
    };
    auto product = co_await products_.update(id, decide, cause);
    co_return unwrap(std::move(product));
}

Task<ProductView> ProductHandlers::view_with_stock(store::Versioned<Product> product) {
    ProductView view = view_of(*product, product.version);
    for (VariantView& variant : view.variants) {
        const store::Versioned<Availability> known = co_await availability_.find(variant.sku);
        if (known) variant.available = shown(known->available);
    }
    co_return view;
}

Task<bool> ProductHandlers::any_available(const Product& product) {
    for (const EditVariant& variant : product.variants) {
        const store::Versioned<Availability> known = co_await availability_.find(variant.sku);
        if (known && variant.sellable && known->available > 0) co_return true;
    }
    co_return false;
}

} // namespace backline::catalog
