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

Result<void> check_parent(
    const std::vector<Category>& all, CategoryId id, const std::optional<CategoryId>& parent
) {
    if (!parent) return {};
    if (find(all, *parent) == nullptr) {
        return refuse(error("category_missing"), "There is no such parent.");
    }
    const std::vector<CategoryId> below = with_descendants(all, id);
    if (std::ranges::find(below, *parent) != below.end()) {
        return refuse(error("category_cycle"), "The parent lies inside the category.");
    }
    return {};
}

} // namespace

Result<Change<Categories>> edit(const Categories& known, CategoryId id, const EditCategory& asked) {
    if (Result<void> sound = check_parent(known.all, id, asked.parent); !sound) {
        return std::unexpected(std::move(sound.error()));
    }
    const auto namesake = std::ranges::find(known.all, asked.slug, &Category::slug);
    if (namesake != known.all.end() && namesake->id != id) {
        return refuse(error("slug_taken"), "Another category has this slug.");
    }
    Category edited{id, asked.slug, asked.name, asked.parent, asked.position};
    Categories next = known;
    const auto before = std::ranges::find(next.all, id, &Category::id);
    if (before != next.all.end()) {
        edited.version = before->version + 1;
        *before = std::move(edited);
    } else if (next.all.size() < next.all.max_items) {
        next.all.push_back(std::move(edited));
    } else {
        return refuse(error("categories_full"), "There are 1,000 of them already.");
    }
    return Change<Categories>::to(std::move(next));
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
            if (category.parent == found[i]) found.push_back(category.id);
        }
    }
    return found;
}

const Category* find(const std::vector<Category>& all, CategoryId id) {
    const auto found = std::ranges::find(all, id, &Category::id);
    return found == all.end() ? nullptr : &*found;
}

CategoryView view_of(const Category& category) {
    return {
        category.id,
        category.slug,
        category.name,
        category.parent,
        category.position,
        category.version
    };
}

} // namespace backline::catalog
