#include "services/catalog/categories/store.hpp"

namespace backline::catalog {

const store::CollectionSpec categories_spec{.service = "catalog", .name = "categories"};

Task<std::vector<Category>> all_categories(CategoryCollection& categories) {
    const store::Versioned<Categories> known = co_await categories.find(categories_document);
    if (!known) co_return std::vector<Category>{};
    co_return known->all;
}

} // namespace backline::catalog
