#include "services/catalog/categories/store.hpp"

#include "services/catalog/errors.hpp"

namespace backline::catalog {

const store::CollectionSpec categories_spec{
    .service = "catalog",
    .name = "categories",
    .indexes =
        {
            {.name = "by_slug", .fields = {"slug"}, .unique = true, .taken = &error("slug_taken")},
        }
};

Task<std::vector<store::Versioned<Category>>> all_categories(CategoryCollection& categories) {
    store::Range range{.index = categories_by_slug, .limit = 1000};
    auto slice = co_await categories.page(std::move(range));
    co_return unwrap(std::move(slice)).items;
}

std::vector<Category> plain(const std::vector<store::Versioned<Category>>& categories) {
    std::vector<Category> all;
    for (const auto& category : categories) all.push_back(*category);
    return all;
}

} // namespace backline::catalog
