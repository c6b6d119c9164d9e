// At stake: a page that reads the wrong range of an index, and an index under a name that hides what it is over.
// How: ranges against the port's own words, made by chance; names and definitions one by one.
#include "adapters/mongo/layout.hpp"
#include "platform/base/invariant.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace backline::mongo {
namespace {

using store::Key;
using store::Query;
using store::Value;

constexpr Refusal taken{"taken", 409, "Somebody else has it.", "Choose another."};
constexpr std::size_t width = 2;

using Entry = std::pair<Key, std::string>;

const std::vector<Value>& values() {
    static const std::vector<Value> all{{}, -1, 0, 1, "", "a", "b"};
    return all;
}

const std::vector<Entry>& entries() {
    static const std::vector<Entry> all = [] {
        std::vector<Entry> made;
        for (const Value& first : values()) {
            for (const Value& second : values()) {
                for (const char* id : {"x", "x!", "y"}) made.push_back({{first, second}, id});
            }
        }
        return made;
    }();
    return all;
}

Value any_value() {
    return *rc::gen::elementOf(values());
}

Query any_query() {
    Query query;
    const auto fixed = static_cast<std::size_t>(*rc::gen::inRange(0, 3));
    for (std::size_t i = 0; i < fixed; ++i) query.equals.push_back(any_value());
    if (fixed < width && *rc::gen::arbitrary<bool>()) query.from = any_value();
    if (fixed < width && *rc::gen::arbitrary<bool>()) query.until = any_value();
    query.descending = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) query.after = *rc::gen::elementOf(entries());
    return query;
}

/// What the port says.
bool matches(const Query& query, const Entry& entry) {
    const auto& [key, id] = entry;
    if (!std::equal(query.equals.begin(), query.equals.end(), key.begin())) return false;
    if (query.from && key.at(query.equals.size()) < *query.from) return false;
    if (query.until && key.at(query.equals.size()) > *query.until) return false;
    if (!query.after) return true;
    return query.descending ? entry < *query.after : entry > *query.after;
}

Point point_of(const Entry& entry) {
    Point point;
    for (const Value& value : entry.first) point.push_back(Edge{0, value});
    point.push_back(Edge{0, entry.second});
    return point;
}

RC_GTEST_PROP(MongoBounds, hold_exactly_what_the_query_asks_for, ()) {
    const Query query = any_query();
    const std::optional<Bounds> bounds = bounds_of(query, width);
    for (const Entry& entry : entries()) {
        const Point point = point_of(entry);
        const bool within = bounds && point >= bounds->low && point < bounds->high;
        RC_ASSERT(within == matches(query, entry));
    }
}

TEST(MongoBounds, take_a_query_that_does_not_fit_its_index_for_a_bug) {
    EXPECT_THROW(std::ignore = bounds_of({.equals = {1, 2, 3}}, width), InvariantBroken);
    EXPECT_THROW(std::ignore = bounds_of({.equals = {1, 2}, .from = 1}, width), InvariantBroken);
    const std::pair<Key, std::string> short_key{{1}, "id"};
    EXPECT_THROW(std::ignore = bounds_of({.after = short_key}, width), InvariantBroken);
}

store::CollectionSpec spec_of(
    std::string service, std::string name, std::vector<store::Index> indexes
) {
    return {.service = std::move(service), .name = std::move(name), .indexes = std::move(indexes)};
}

TEST(MongoLayout, names_databases_collections_and_indexes) {
    const auto spec = spec_of(
        "orders",
        "carts",
        {{"by_email", {"email"}, true, &taken}, {"by_rank", {"group", "totals.rank"}}}
    );
    const Layout layout(spec, "shop_");
    EXPECT_EQ(layout.database(), "shop_orders");
    EXPECT_EQ(layout.collection(), "carts");
    EXPECT_EQ(layout.log_collection(), "carts.log");
    EXPECT_EQ(layout.unique_index(0), "by_email(email)");
    EXPECT_EQ(layout.paging_index(0), "by_email(email)+id");
    EXPECT_EQ(layout.paging_index(1), "by_rank(group,totals.rank)");
}

TEST(MongoLayout, refuses_names_that_mean_something_to_the_database) {
    EXPECT_THROW(Layout(spec_of("orders", "a.b", {}), ""), InvariantBroken);
    EXPECT_THROW(Layout(spec_of("orders", "$cmd", {}), ""), InvariantBroken);
    EXPECT_THROW(Layout(spec_of("", "carts", {}), ""), InvariantBroken);
    EXPECT_THROW(Layout(spec_of("orders", "carts", {{"by$", {"a"}}}), ""), InvariantBroken);
    EXPECT_THROW(Layout(spec_of("orders", "carts", {{"by_a", {"A b"}}}), ""), InvariantBroken);
}

TEST(MongoLayout, leaves_absent_values_out_of_the_keys_and_reads_them_back) {
    const auto spec = spec_of("orders", "carts", {{"by_rank", {"group", "rank", "place"}}});
    const Layout layout(spec, "");
    const Key key{"g", Value{}, std::int64_t{7}};
    const Bson keys = layout.keys({key});
    EXPECT_FALSE(View(keys).inside("by_rank").has("f1"));
    EXPECT_EQ(layout.key(View(keys), 0), key);
    EXPECT_THROW(std::ignore = layout.keys({}), InvariantBroken);
}

TEST(MongoLayout, looks_up_a_unique_key_only_where_all_of_it_is_there) {
    const auto spec = spec_of("o", "c", {{"by_slot", {"a", "b"}, true, &taken}, {"by_a", {"a"}}});
    const Layout layout(spec, "");
    EXPECT_TRUE(layout.is_unique_look_up({.index = 0, .equals = {"x", 1}}));
    EXPECT_FALSE(layout.is_unique_look_up({.index = 0, .equals = {"x"}}));
    EXPECT_FALSE(layout.is_unique_look_up({.index = 0, .equals = {"x", Value{}}}));
    EXPECT_FALSE(layout.is_unique_look_up({.index = 1, .equals = {"x"}}));
}

TEST(MongoLayout, knows_its_index_by_the_pattern_in_an_error) {
    Bson by_id;
    by_id.number("_id", 1);
    EXPECT_EQ(Layout::index_of_pattern(View(by_id)), std::nullopt);
    Bson by_slot;
    by_slot.number("keys.by_slot.f0", 1).number("keys.by_slot.f1", 1);
    EXPECT_EQ(Layout::index_of_pattern(View(by_slot)), "by_slot");
}

} // namespace
} // namespace backline::mongo
