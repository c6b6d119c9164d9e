// At stake: a category inside itself, which no page could show, and siblings in a random order.
// Method: one small tree, and every way to move things about in it.
#include "services/catalog/categories/model.hpp"

#include <gtest/gtest.h>

namespace backline::catalog {
namespace {

CategoryId id(std::uint64_t number) {
    return CategoryId::from_parts(Instant{Duration{1}}, number, number);
}

Category category(std::uint64_t number, std::uint64_t parent, int position = 0) {
    Category made{
        id(number),
        Slug::of("slug-" + std::to_string(number)),
        Text<1, 120>::of("Name"),
        std::nullopt,
        Position::of(position)
    };
    if (parent > 0) made.parent = id(parent);
    return made;
}

/// 1 has 2 and 3, 2 has 4; 5 stands alone.
List<Category, 1000> shop() {
    return {
        category(4, 2), category(3, 1, 2), category(2, 1, 1), category(5, 0, 1), category(1, 0)
    };
}

std::string numbers(const std::vector<Category>& categories) {
    std::string text;
    for (const Category& each : categories) text += each.slug.text().substr(5);
    return text;
}

template <class T> std::string code_of(const Result<T>& result) {
    return result ? "" : std::string(result.error().refusal->code);
}

std::string code_of_move(std::uint64_t number, std::uint64_t parent) {
    EditCategory asked{Slug::of("moved"), Text<1, 120>::of("Moved"), std::nullopt, Position::of(0)};
    if (parent > 0) asked.parent = id(parent);
    return code_of(edit({shop()}, id(number), asked));
}

TEST(Categories, come_parents_first_and_siblings_by_position) {
    EXPECT_EQ(numbers(in_tree(shop())), "12435");
}

TEST(Categories, with_the_same_position_come_by_slug) {
    EXPECT_EQ(numbers(in_tree({category(3, 0), category(2, 0), category(1, 0)})), "123");
}

TEST(Categories, know_everything_below_them) {
    EXPECT_EQ(with_descendants(shop(), id(1)), (std::vector{id(1), id(3), id(2), id(4)}));
    EXPECT_EQ(with_descendants(shop(), id(5)), std::vector{id(5)});
}

TEST(Categories, move_anywhere_but_into_themselves) {
    struct Row {
        std::uint64_t moved;
        std::uint64_t parent;
        std::string refused;
    };

    const Row rows[] = {
        {2, 0, ""},
        {2, 3, ""},
        {2, 5, ""},
        {1, 5, ""},
        {9, 5, ""},
        {2, 2, "category_cycle"},
        {2, 4, "category_cycle"},
        {1, 4, "category_cycle"},
        {9, 9, "category_missing"},
        {2, 8, "category_missing"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(code_of_move(row.moved, row.parent), row.refused)
            << row.moved << " below " << row.parent;
    }
}

TEST(Categories, count_their_own_edits) {
    const EditCategory asked{Slug::of("slug-2"), Text<1, 120>::of("Moved"), id(5), Position::of(0)};
    const auto moved = edit({shop()}, id(2), asked);
    EXPECT_EQ(find(moved->next->all, id(2))->version, 2);
    EXPECT_EQ(find(moved->next->all, id(1))->version, 1);
    EXPECT_EQ(numbers(moved->next->all), "43251") << "where it was";
}

TEST(Categories, share_no_slug) {
    const EditCategory asked{Slug::of("slug-3"), Text<1, 120>::of("Name"), {}, Position::of(0)};
    EXPECT_EQ(code_of(edit({shop()}, id(9), asked)), "slug_taken");
    EXPECT_EQ(code_of(edit({shop()}, id(2), asked)), "slug_taken");
    EXPECT_EQ(code_of(edit({shop()}, id(3), asked)), "") << "its own";
}

TEST(Categories, are_at_most_a_thousand) {
    Categories known;
    for (std::uint64_t number = 1; number <= 1'000; ++number) {
        known.all.push_back(category(number, 0));
    }
    const EditCategory asked{Slug::of("another"), Text<1, 120>::of("Name"), {}, Position::of(0)};
    EXPECT_EQ(code_of(edit(known, id(1'001), asked)), "categories_full");
    EXPECT_EQ(code_of(edit(known, id(1'000), asked)), "");
}

} // namespace
} // namespace backline::catalog
