#include "services/catalog/categories/model.hpp"

#include "services/catalog/errors.hpp"

#include <algorithm>
#include <tuple>

namespace backline::catalog {

namespace {

void add_below(
    const std::vector<Category>& sorted,
    std::optional<CategoryId> parent,
    std::vector<Category>& tree
) {
    for (const Category& category : sorted) {
        if (category.parent != parent) continue;
        tree.push_back(category);
        add_below(sorted, category.id, tree);
    }
}

} // namespace

Result<Change<Category>> edit(
    const std::vector<Category>& all, CategoryId id, const EditCategory& asked
) {
    if (asked.parent) {
        if (std::ranges::find(all, *asked.parent, &Category::id) == all.end()) {
            return refuse(error("category_missing"), "There is no such parent.");
        }
        const std::vector<CategoryId> below = with_descendants(all, id);
        if (std::ranges::find(below, *asked.parent) != below.end()) {
            return refuse(error("category_cycle"), "The parent lies inside the category.");
        }
    }
    return Change<Category>::to({id, asked.slug, asked.name, asked.parent, asked.position});
}

std::vector<Category> in_tree(std::vector<Category> all) {
    std::ranges::sort(all, [](const Category& left, const Category& right) {
        return std::tie(left.position, left.slug) < std::tie(right.position, right.slug);
    });
    std::vector<Category> tree;
    add_below(all, std::nullopt, tree);
    return tree;
}

std::vector<CategoryId> with_descendants(const std::vector<Category>& all, CategoryId root) {
    std::vector<CategoryId> found{root};
    for (std::size_t i = 0; i < found.size(); ++i) {
        for (const Category& category : all) {
            const bool below = category.parent == found[i];
            const bool fresh = std::ranges::find(found, category.id) == found.end();
            if (below && fresh) found.push_back(category.id);
        }
    }
    return found;
}

CategoryView view_of(const Category& category, std::int64_t version) {
    return {category.id, category.slug, category.name, category.parent, category.position, version};
}

} // namespace backline::catalog
