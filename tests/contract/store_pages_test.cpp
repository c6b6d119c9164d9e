// At stake: a list that skips an order or shows it twice; staff and customers act on what lists show.
// How: documents with equal, missing and extreme keys, walked in both directions in pages of every size, also while
// they change under the reader.
#include "tests/contract/store_contract.hpp"

namespace backline::contract {
namespace {

using store::Found;
using store::Key;
using store::Query;
using store::Value;
using Ids = std::vector<std::string>;

/// Twelve documents in two groups; within a group pairs of equal rank.
void fill(StoreFixture& test) {
    for (int i = 0; i < 12; ++i) {
        const std::string id = std::string("t") + static_cast<char>('a' + i);
        test.put({.id = id, .group = i % 2 == 0 ? "even" : "odd", .rank = i / 4});
    }
}

const Ids even{"ta", "tc", "te", "tg", "ti", "tk"};
const Ids odd{"tb", "td", "tf", "th", "tj", "tl"};

Ids reversed(Ids ids) {
    std::ranges::reverse(ids);
    return ids;
}

Ids joined(Ids first, const Ids& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

TEST_P(StoreContract, pages_come_in_the_order_of_the_index_then_of_the_id) {
    fill(*this);
    EXPECT_EQ(ids_of_page({.index = by_rank}), joined(even, odd));
    EXPECT_EQ(ids_of_page({.index = by_rank, .descending = true}), reversed(joined(even, odd)));
}

TEST_P(StoreContract, pages_of_every_size_make_up_the_whole_in_both_directions) {
    fill(*this);
    for (const std::size_t limit : {1U, 2U, 3U, 5U, 6U, 11U, 12U, 13U}) {
        const Query up{.index = by_rank, .limit = limit};
        EXPECT_EQ(walk(up), joined(even, odd)) << limit;
        const Query down{.index = by_rank, .descending = true, .limit = limit};
        EXPECT_EQ(walk(down), reversed(joined(even, odd))) << limit;
    }
}

TEST_P(StoreContract, pages_stay_within_the_prefix_that_was_asked_for) {
    fill(*this);
    for (const std::size_t limit : {1U, 4U, 20U}) {
        EXPECT_EQ(walk({.index = by_rank, .equals = {"odd"}, .limit = limit}), odd);
        EXPECT_EQ(
            walk({.index = by_rank, .equals = {"even"}, .descending = true, .limit = limit}),
            reversed(even)
        );
        EXPECT_EQ(
            walk({.index = by_rank, .equals = {"odd", 1}, .limit = limit}), (Ids{"tf", "th"})
        );
    }
    EXPECT_TRUE(ids_of_page({.index = by_rank, .equals = {"od"}}).empty());
    EXPECT_TRUE(ids_of_page({.index = by_rank, .equals = {"odd", 7}}).empty());
}

TEST_P(StoreContract, pages_stay_within_inclusive_bounds) {
    fill(*this);
    const auto between = [this](std::optional<Value> from, std::optional<Value> until, bool down) {
        return walk(
            {.index = by_rank,
             .equals = {"even"},
             .from = std::move(from),
             .until = std::move(until),
             .descending = down,
             .limit = 2}
        );
    };
    EXPECT_EQ(between(1, std::nullopt, false), (Ids{"te", "tg", "ti", "tk"}));
    EXPECT_EQ(between(std::nullopt, 1, false), (Ids{"ta", "tc", "te", "tg"}));
    EXPECT_EQ(between(1, 1, false), (Ids{"te", "tg"}));
    EXPECT_EQ(between(1, 2, true), (Ids{"tk", "ti", "tg", "te"}));
    EXPECT_EQ(between(std::nullopt, 0, true), (Ids{"tc", "ta"}));
    EXPECT_TRUE(between(2, 1, false).empty());
    EXPECT_TRUE(between(3, std::nullopt, true).empty());
}

TEST_P(StoreContract, pages_can_be_bounded_on_the_first_field) {
    fill(*this);
    EXPECT_EQ(walk({.index = by_rank, .from = "f", .limit = 4}), odd);
    EXPECT_EQ(walk({.index = by_rank, .until = "even", .limit = 4}), even);
    EXPECT_EQ(walk({.index = by_rank, .from = "a", .until = "b"}), Ids{});
}

TEST_P(StoreContract, pages_hand_out_each_documents_key_with_it) {
    put({.id = "a", .group = "g", .rank = -5});
    const std::vector<Found> page = run(store().page(things(), {.index = by_rank}));
    ASSERT_EQ(page.size(), 1U);
    EXPECT_EQ(page[0].key, (Key{"g", -5}));
    EXPECT_EQ(page[0].document.body, find("a")->body);
    EXPECT_EQ(page[0].document.version, 1);
}

/// Values in their order; index in this list is the id.
std::vector<Value> ordered_values() {
    return {
        Value{},
        std::numeric_limits<std::int64_t>::min(),
        -1,
        0,
        1,
        9,
        10,
        (std::int64_t{1} << 53) + 1,
        std::numeric_limits<std::int64_t>::max(),
        "",
        " ",
        "-1",
        "0",
        "10",
        "9",
        "A",
        "Z",
        "a",
        "aa",
        "ab",
        "b",
        "z",
        "\x7F",
        "\xC3\xA9",
        "\xEF\xBF\xBD",
        "\xF0\x9F\x8E\xB8", // In UTF-16 the last two would stand the other way round.
    };
}

TEST_P(StoreContract, pages_sort_nothing_before_numbers_before_text_by_bytes) {
    const std::vector<Value> values = ordered_values();
    Ids expected;
    for (std::size_t i = 0; i < values.size(); ++i) expected.push_back("v" + std::to_string(i));
    for (std::size_t i = values.size(); i-- > 0;) {
        put({.id = expected[i], .group = "g", .rank = values[i]});
    }
    EXPECT_EQ(walk({.index = by_rank, .equals = {"g"}, .limit = 4}), expected);
    EXPECT_EQ(
        walk({.index = by_rank, .equals = {"g"}, .descending = true, .limit = 4}),
        reversed(expected)
    );
    for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_EQ(ids_of_page({.index = by_rank, .equals = {"g", values[i]}}), Ids{expected[i]})
            << i;
    }
}

TEST_P(StoreContract, pages_bounded_by_one_kind_of_value_may_hold_the_next_kind) {
    put({.id = "nothing", .group = "g"});
    put({.id = "number", .group = "g", .rank = 5});
    put({.id = "text", .group = "g", .rank = "x"});
    EXPECT_EQ(walk({.index = by_rank, .equals = {"g"}, .from = 0}), (Ids{"number", "text"}));
    EXPECT_EQ(walk({.index = by_rank, .equals = {"g"}, .until = 9}), (Ids{"nothing", "number"}));
    EXPECT_EQ(
        walk({.index = by_rank, .equals = {"g"}, .from = Value{}, .until = Value{}}), Ids{"nothing"}
    );
}

TEST_P(StoreContract, pages_go_on_after_a_document_that_has_moved_away) {
    fill(*this);
    Query query{.index = by_rank, .equals = {"even"}, .limit = 3};
    const std::vector<Found> first = run(store().page(things(), query));
    query.after = {first.back().key, first.back().document.id};
    put({.id = first.back().document.id, .group = "elsewhere"});
    EXPECT_EQ(ids_of_page(query), (Ids{"tg", "ti", "tk"}));
    query.descending = true;
    EXPECT_EQ(ids_of_page(query), (Ids{"tc", "ta"}));
}

TEST_P(StoreContract, pages_show_what_came_behind_the_cursor_and_not_what_came_before_it) {
    fill(*this);
    Query query{.index = by_rank, .equals = {"even"}, .limit = 3};
    const std::vector<Found> first = run(store().page(things(), query));
    query.after = {first.back().key, first.back().document.id};
    put({.id = "t", .group = "even", .rank = 0});
    put({.id = "tezz", .group = "even", .rank = 1});
    query.limit = 10;
    EXPECT_EQ(ids_of_page(query), (Ids{"tezz", "tg", "ti", "tk"}));
}

TEST_P(StoreContract, pages_show_a_document_only_where_it_is_now) {
    put({.id = "a", .group = "old", .rank = 1});
    put({.id = "a", .group = "new", .rank = 2});
    EXPECT_EQ(ids_of_page({.index = by_rank}), Ids{"a"});
    EXPECT_TRUE(ids_of_page({.index = by_rank, .equals = {"old"}}).empty());
    EXPECT_EQ(ids_of_page({.index = by_rank, .equals = {"new"}}), Ids{"a"});
}

TEST_P(StoreContract, pages_of_an_empty_collection_are_empty) {
    EXPECT_TRUE(ids_of_page({.index = by_rank}).empty());
    EXPECT_TRUE(ids_of_page({.index = by_rank, .descending = true}).empty());
    const std::pair<Key, std::string> mark{{"g", 1}, "gone"};
    EXPECT_TRUE(ids_of_page({.index = by_rank, .after = mark}).empty());
}

Task<> put_one(store::Store& store, Thing thing) {
    co_await store.commit(commit_of(things(), thing, {}));
}

Task<> put_many(store::Store& store, int count) {
    TaskGroup group = strict_group();
    for (int i = 0; i < count; ++i) {
        group.spawn(put_one(store, {.id = std::to_string(i), .group = "g", .rank = i}));
    }
    co_await group.join();
}

TEST_P(StoreContract, pages_may_be_as_long_as_a_thousand_and_one) {
    run(put_many(store(), 1'050));
    EXPECT_EQ(ids_of_page({.index = by_rank, .limit = 1'001}).size(), 1'001U);
    EXPECT_EQ(walk({.index = by_rank, .descending = true, .limit = 500}).size(), 1'050U);
}

} // namespace
} // namespace backline::contract
