#include "services/catalog/products/store.hpp"

#include "services/catalog/errors.hpp"

#include <algorithm>

namespace backline::catalog {

namespace {

constexpr std::size_t scan_max = 2'000;

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

Task<store::Slice<Product>> search(ProductCollection& products, store::Range range, Wanted wanted) {
    store::Slice<Product> found;
    const std::size_t limit = range.limit;
    for (std::size_t scanned = 0; scanned < scan_max;) {
        // Never more than are missing: so the page's cursor is the search's, too.
        range.limit = limit - found.items.size();
        auto page = co_await products.page(range);
        const auto slice = unwrap(std::move(page));
        scanned += slice.items.size();
        std::ranges::copy_if(slice.items, std::back_inserter(found.items), [&](const auto& one) {
            return matches(*one, wanted);
        });
        found.next = slice.next;
        if (!slice.next || found.items.size() == limit) break;
        range.after = *slice.next;
    }
    co_return found;
}

} // namespace backline::catalog
