#include "services/catalog/products/handlers.hpp"

#include "platform/service/paging.hpp"
#include "services/catalog/errors.hpp"

namespace backline::catalog {

namespace {

constexpr std::string_view write_permission = "catalog:write";

store::Range range_of(const ListProducts& query, ProductStatus status) {
    store::Range range = paged(query, {.equals = {std::string(name_of(status))}});
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
    const ProductStatus status = query->status.value_or(ProductStatus::active);
    if (status != ProductStatus::active) {
        http::require_permission(ctx.principal, write_permission);
    }
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
        const std::vector<Category> all = co_await all_categories(categories_);
        wanted.categories = with_descendants(all, *query.category);
    }
    if (query.q) wanted.name_part = lower(query.q->text());
    if (query.price_min) wanted.price_min = query.price_min->value();
    if (query.price_max) wanted.price_max = query.price_max->value();
    co_return wanted;
}

Task<ProductView> ProductHandlers::show(http::Context& ctx, ProductId id) {
    const store::Versioned<Product> product = co_await find_product(products_, id);
    const bool visible = product && (product->status == ProductStatus::active ||
                                     ctx.principal.may(write_permission));
    if (!visible) throw Refused({&error("product_unknown"), "No product has this id."});
    co_return co_await view_with_stock(product);
}

Task<http::Created<ProductView>> ProductHandlers::create(http::Context& ctx, EditProduct body) {
    const auto id = co_await keys_.mint<ProductId>(ctx, "create_product", body);
    store::Versioned<Product> product = co_await products_.find(id);
    if (!product) product = co_await store_product(ctx, id, body, product);
    if (!product->status) {
        throw Refused({&error("addition_given_up"), "Another product has one of its SKUs now."});
    }
    // Of the request and the time of its first success only, so that a repetition gets the same bytes.
    const auto made = unwrap(edit(nullptr, id, body, config_, product->created_at));
    co_return http::Created<ProductView>{view_of(*made.next, 1), "/v1/products/" + id.text()};
}

Task<ProductView> ProductHandlers::replace(http::Context& ctx, ProductId id, EditProduct body) {
    const store::Versioned<Product> seen = co_await find_product(products_, id);
    if (!seen) throw Refused({&error("product_unknown"), "No product has this id."});
    ctx.require_version();
    const auto product = co_await store_product(ctx, id, std::move(body), seen);
    co_return co_await view_with_stock(product);
}

Task<store::Versioned<Product>> ProductHandlers::store_product(
    http::Context& ctx, ProductId id, EditProduct body, store::Versioned<Product> seen
) {
    const auto decide = [&](const Product* known) -> Result<Change<Product>> {
        const bool added_meanwhile = known != nullptr && !seen;
        if (added_meanwhile) return Change<Product>::nothing();
        return edit(known, id, body, config_, ctx.now.utc);
    };
    store::Terms terms{.version = ctx.request.if_match.version};
    require(decide(seen.document.get()));
    require(store::check_version(terms, seen.version));
    const auto claims = claims_of(seen.document.get(), id, body, ctx.now.utc);
    co_await refuse_what_is_taken(id, body, claims);
    const store::Cause cause{ctx.request.traceparent};
    for (const SkuOwner& wanted : claims) co_await claim(wanted, cause);
    // Who took over one of the claims wrote the product: it must still be what it was before they were made.
    if (seen && !claims.empty()) terms.version = seen.version;
    auto product = co_await products_.update(id, decide, cause, terms);
    co_return unwrap(std::move(product));
}

Task<> ProductHandlers::refuse_what_is_taken(
    ProductId id, const EditProduct& body, const std::vector<SkuOwner>& claims
) {
    const std::vector<Category> all = co_await all_categories(categories_);
    if (find(all, body.category) == nullptr) {
        throw Refused({&error("category_missing"), "No category has this id."});
    }
    store::Key slug{body.slug.text()};
    const auto namesake = co_await products_.find_by(products_by_slug, std::move(slug));
    if (namesake && namesake->id != id) {
        throw Refused({&error("slug_taken"), "Another product has this slug."});
    }
    for (const SkuOwner& wanted : claims) {
        const store::Versioned<SkuOwner> owner = co_await skus_.find(wanted.sku);
        const std::optional<SkuOwner> lapsed = co_await lapsed_claim(wanted);
        require(claim_sku(owner.document.get(), wanted, lapsed));
    }
}

Task<> ProductHandlers::claim(SkuOwner wanted, store::Cause cause) {
    const std::optional<SkuOwner> lapsed = co_await lapsed_claim(wanted);
    const auto decide = [&](const SkuOwner* known) { return claim_sku(known, wanted, lapsed); };
    store::Terms terms;
    if (lapsed) terms.guard = [&] { return disown_sku(lapsed->product, wanted.sku, cause); };
    const auto owner = co_await skus_.update(wanted.sku, decide, cause, terms);
    require(owner);
}

Task<std::optional<SkuOwner>> ProductHandlers::lapsed_claim(SkuOwner wanted) {
    const store::Versioned<SkuOwner> owner = co_await skus_.find(wanted.sku);
    if (!owner || owner->product == wanted.product) co_return std::nullopt;
    const Duration stands{config_.sku_claim_ms.value()};
    if (wanted.claimed_at - owner->claimed_at < stands) co_return std::nullopt;
    const store::Versioned<Product> product = co_await products_.find(owner->product);
    if (product && sells(*product, wanted.sku)) co_return std::nullopt;
    co_return *owner;
}

Task<Result<void>> ProductHandlers::disown_sku(ProductId id, Sku sku, store::Cause cause) {
    const auto decide = [&](const Product* known) { return disown(known, id, sku); };
    const auto disowned = co_await products_.update(id, decide, cause);
    if (!disowned) co_return std::unexpected(disowned.error());
    co_return Result<void>{};
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
