#include "services/catalog/products/store.hpp"

#include "platform/base/field_value.hpp"
#include "platform/store/cursor.hpp"
#include "services/catalog/errors.hpp"

#include <algorithm>

namespace backline::catalog {

namespace {

constexpr std::size_t scan_max = 2'000;
constexpr std::size_t scan_step = 100;

/// Where a search goes on that ended at this product, which need not be where a page of the index ended.
std::string cursor_at(const Product& product, std::size_t index) {
    store::Key key;
    for (const std::string& path : products_spec.indexes[index].fields) {
        key.push_back(field_value(type_of<Product>(), &product, path));
    }
    return store::encode_cursor(key, product.id.text());
}

} // namespace

const store::CollectionSpec products_spec{
    .service = "catalog",
    .name = "products",
    .indexes =
        {
            {.name = "by_slug", .fields = {"slug"}, .unique = true, .taken = &error("slug_taken")},
            {.name = "by_newest", .fields = {"status", "created_at"}},
            {.name = "by_name", .fields = {"status", "name_key"}},
            {.name = "by_price", .fields = {"status", "price_from.amount"}},
        }
};

const store::CollectionSpec skus_spec{.service = "catalog", .name = "skus"};

Task<store::Versioned<Product>> find_product(ProductCollection& products, ProductId id) {
    const store::Versioned<Product> known = co_await products.find(id);
    if (!known || !known->status) co_return store::Versioned<Product>{};
    co_return known;
}

Task<store::Slice<Product>> search(ProductCollection& products, store::Range range, Wanted wanted) {
    store::Slice<Product> found;
    const std::size_t limit = range.limit;
    range.limit = std::max(limit, scan_step);
    for (std::size_t scanned = 0; scanned < scan_max; scanned += range.limit) {
        auto page = co_await products.page(range);
        auto slice = unwrap(std::move(page));
        for (const store::Versioned<Product>& product : slice.items) {
            if (!matches(*product, wanted)) continue;
            if (found.items.size() == limit) {
                found.next = cursor_at(*found.items.back(), range.index);
                co_return found;
            }
            found.items.push_back(product);
        }
        found.next = std::move(slice.next);
        if (!found.next) break;
        range.after = *found.next;
    }
    co_return found;
}

} // namespace backline::catalog
