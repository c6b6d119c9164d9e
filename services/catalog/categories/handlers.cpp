#include "services/catalog/categories/handlers.hpp"

#include "services/catalog/errors.hpp"

#include <algorithm>

namespace backline::catalog {

Task<CategoryTree> CategoryHandlers::tree(http::Context&) {
    const auto all = co_await all_categories(categories_);
    CategoryTree tree;
    for (const Category& category : in_tree(plain(all))) {
        const auto at =
            std::ranges::find_if(all, [&](const auto& one) { return one->id == category.id; });
        tree.categories.push_back(view_of(category, at->version));
    }
    co_return tree;
}

Task<http::Created<CategoryView>> CategoryHandlers::create(http::Context& ctx, EditCategory body) {
    const auto all = co_await all_categories(categories_);
    const CategoryId id = ctx.new_id<CategoryId>();
    const auto decide = [&](const Category*) { return edit(plain(all), id, body); };
    const auto made = co_await categories_.update(id, decide, {ctx.request.traceparent});
    const auto category = unwrap(made);
    co_return http::Created<CategoryView>{
        view_of(*category, category.version), "/v1/categories/" + id.text()
    };
}

Task<CategoryView> CategoryHandlers::replace(http::Context& ctx, CategoryId id, EditCategory body) {
    const store::Versioned<Category> seen = co_await categories_.find(id);
    if (!seen) throw Refused({&error("category_unknown"), "No category has this id."});
    const auto all = co_await all_categories(categories_);
    const auto decide = [&](const Category*) { return edit(plain(all), id, body); };
    const store::Terms terms{.version = ctx.request.if_match.version};
    const auto changed = co_await categories_.update(id, decide, {ctx.request.traceparent}, terms);
    const auto category = unwrap(changed);
    co_return view_of(*category, category.version);
}

} // namespace backline::catalog
