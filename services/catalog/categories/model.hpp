#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/catalog/categories/api.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <vector>

/// Decisions about categories. Pure.
namespace backline::catalog {

struct Category {
    CategoryId id;
    Slug slug;
    Text<1, 120> name;
    std::optional<CategoryId> parent;
    Position position;
    std::int64_t version = 1; ///< Of this category: counts its edits.
};
BOOST_DESCRIBE_STRUCT(Category, (), (id, slug, name, parent, position, version))

/// All categories of the shop: one aggregate, since a move is right or wrong by all that lie above and below it. There
/// are never many, and they hardly ever change.
struct Categories {
    List<Category, 1000> all; ///< In the order of their creation.
};
BOOST_DESCRIBE_STRUCT(Categories, (), (all))

/// What an edit makes of one category, new or known. Refuses `category_missing` for an unknown parent,
/// `category_cycle` for one that lies inside it, `slug_taken` and `categories_full`.
Result<Change<Categories>> edit(const Categories& known, CategoryId id, const EditCategory& asked);

/// Parents before their children, siblings by position and slug.
[[nodiscard]] std::vector<Category> in_tree(std::vector<Category> all);

/// `root` and everything below it.
[[nodiscard]] std::vector<CategoryId> with_descendants(
    const std::vector<Category>& all, CategoryId root
);

/// Null if there is none.
[[nodiscard]] const Category* find(const std::vector<Category>& all, CategoryId id);

[[nodiscard]] CategoryView view_of(const Category& category);

} // namespace backline::catalog
