#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/catalog/categories/api.hpp"

#include <boost/describe/class.hpp>

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
};
BOOST_DESCRIBE_STRUCT(Category, (), (id, slug, name, parent, position))

/// What an edit makes of a category, among all that there are. Refuses `category_missing` for an unknown parent and
/// `category_cycle` for one of its own descendants. Two moves at once may still close a circle between them; `in_tree`
/// does not follow circles, so that its members only leave the tree until one is moved again.
Result<Change<Category>> edit(
    const std::vector<Category>& all, CategoryId id, const EditCategory& asked
);

/// Parents before their children, siblings by position and slug.
[[nodiscard]] std::vector<Category> in_tree(std::vector<Category> all);

/// `root` and everything below it.
[[nodiscard]] std::vector<CategoryId> with_descendants(
    const std::vector<Category>& all, CategoryId root
);

[[nodiscard]] CategoryView view_of(const Category& category, std::int64_t version);

} // namespace backline::catalog
