#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/id.hpp"
#include "platform/base/list.hpp"
#include "platform/base/text.hpp"
#include "platform/base/type.hpp"

#include <boost/describe/class.hpp>

#include <optional>

/// What crosses HTTP about categories.
namespace backline::catalog {

struct CategoryTag {
    static constexpr std::string_view prefix = "cat";
};

using CategoryId = Id<CategoryTag>;

/// A part of an address: `line-array-speakers`.
struct SlugRule {
    static constexpr TextRules rules{
        .name = "slug",
        .min = 2,
        .max = 80,
        .example = "digital-mixers",
        .pattern = "^[a-z0-9-]{2,80}$"
    };

    static bool accepts(std::string_view raw) {
        for (const char c : raw) {
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
        }
        return true;
    }
};

using Slug = CheckedText<SlugRule>;

using Position = Bounded<int, 0, 100'000>;

/// `POST /v1/categories`, and `PUT` to replace one.
struct EditCategory {
    Slug slug;
    Text<1, 120> name;
    std::optional<CategoryId> parent; ///< None for one at the top.
    Position position;                ///< Among its siblings, ascending.
};
BOOST_DESCRIBE_STRUCT(EditCategory, (), (slug, name, parent, position))

struct CategoryView {
    CategoryId id;
    Slug slug;
    Text<1, 120> name;
    std::optional<CategoryId> parent;
    Position position;
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(CategoryView, (), (id, slug, name, parent, position, version))

/// The whole tree, parents before their children, siblings by position.
struct CategoryTree {
    List<CategoryView, 1000> categories;
};
BOOST_DESCRIBE_STRUCT(CategoryTree, (), (categories))

} // namespace backline::catalog
