#include "services/catalog/categories/handlers.hpp"

#include "services/catalog/errors.hpp"

namespace backline::catalog {

Task<CategoryTree> CategoryHandlers::tree(http::Context&) {
    const std::vector<Category> all = co_await all_categories(categories_);
    CategoryTree tree;
    for (const Category& category : in_tree(all)) tree.categories.push_back(view_of(category));
    co_return tree;
}

Task<http::Created<CategoryView>> CategoryHandlers::create(http::Context& ctx, EditCategory body) {
    const CategoryId id = ctx.new_id<CategoryId>();
    const auto decide = [&](const Categories* known) {
        return edit(known == nullptr ? Categories{} : *known, id, body);
    };
    const auto made =
        co_await categories_.update(categories_document, decide, {ctx.request.traceparent});
    const auto categories = unwrap(made);
    co_return http::Created<CategoryView>{
        view_of(*find(categories->all, id)), "/v1/categories/" + id.text()
    };
}

Task<CategoryView> CategoryHandlers::replace(http::Context& ctx, CategoryId id, EditCategory body) {
    // A version is one category's, not that of the document with all of them.
    const store::Terms terms{.version = ctx.request.if_match.version};
    const auto decide = [&](const Categories* known) -> Result<Change<Categories>> {
        const Category* before = known == nullptr ? nullptr : find(known->all, id);
        if (before == nullptr) return refuse(error("category_unknown"), "No category has this id.");
        Result<Change<Categories>> change = edit(*known, id, body);
        const Result<void> seen = store::check_version(terms, before->version);
        if (change && !seen) return std::unexpected(seen.error());
        return change;
    };
    const auto changed =
        co_await categories_.update(categories_document, decide, {ctx.request.traceparent});
    const auto categories = unwrap(changed);
    co_return view_of(*find(categories->all, id));
}

} // namespace backline::catalog
