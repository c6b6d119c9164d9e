// At stake: a page that skips, repeats or misorders a document when keys are absent or mixed.
// How: the plan's scans for chosen queries; then thousands of random queries answered by SQLite and by sorting.
#include "adapters/sqlite/page_guard.hpp"
#include "adapters/sqlite/page_plan.hpp"
#include "adapters/sqlite/read_database.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/test_loop.hpp"
#include "adapters/sqlite/write_transaction.hpp"
#include "platform/base/invariant.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace backline::sqlite {
namespace {

using store::Key;
using store::Query;
using store::Value;
using Nulls = Scan::Nulls;
using testing::ElementsAre;

const Value nothing{};

Value number(std::int64_t value) {
    return value;
}

TEST(PlanPage, is_one_scan_without_bounds_and_cursor) {
    EXPECT_THAT(plan_page(Query{}, 2), ElementsAre(Scan{}));
    const Query equal{.equals = {number(1)}};
    EXPECT_THAT(plan_page(equal, 2), ElementsAre(Scan{.fixed = {number(1)}}));
}

TEST(PlanPage, an_upper_bound_alone_lets_in_what_has_no_value) {
    const Query query{.until = number(5)};
    const Scan nulls{.nulls = Nulls::only};
    const Scan values{.nulls = Nulls::without, .high = Bound{number(5)}};
    EXPECT_THAT(plan_page(query, 1), ElementsAre(nulls, values));
    Query descending = query;
    descending.descending = true;
    EXPECT_THAT(plan_page(descending, 1), ElementsAre(values, nulls));
}

TEST(PlanPage, a_lower_bound_keeps_out_what_has_no_value_unless_the_bound_is_nothing) {
    const Query query{.from = number(5)};
    EXPECT_THAT(
        plan_page(query, 1), ElementsAre(Scan{.nulls = Nulls::without, .low = Bound{number(5)}})
    );
    EXPECT_THAT(plan_page(Query{.from = nothing}, 1), ElementsAre(Scan{}));
    EXPECT_THAT(plan_page(Query{.until = nothing}, 1), ElementsAre(Scan{.nulls = Nulls::only}));
}

TEST(PlanPage, goes_on_after_a_cursor_from_the_last_field_to_the_first) {
    const Query query{.after = {{{number(1), nothing}, "id"}}};
    EXPECT_THAT(
        plan_page(query, 2),
        ElementsAre(
            Scan{{number(1), nothing}, Nulls::without, Bound{std::string("id"), false}},
            Scan{{number(1)}, Nulls::without},
            Scan{{}, Nulls::without, Bound{number(1), false}}
        )
    );
}

TEST(PlanPage, refuses_a_cursor_of_another_index) {
    const Query query{.after = {{{number(1)}, "id"}}};
    EXPECT_THROW(static_cast<void>(plan_page(query, 2)), InvariantBroken);
}

/// A small generator of our own, so that every machine asks the same queries.
class Dice final {
public:
    std::uint64_t below(std::uint64_t bound) {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return (state_ >> 33) % bound;
    }

    Value value() {
        const std::uint64_t thrown = below(7);
        if (thrown == 0) return nothing;
        if (thrown < 5) return static_cast<std::int64_t>(thrown) - 2;
        return std::string(thrown == 5 ? "1" : "a");
    }

private:
    std::uint64_t state_ = 1;
};

struct Document {
    std::string id;
    std::vector<Key> keys;
};

const store::CollectionSpec things{
    .service = "shop",
    .name = "things",
    .indexes =
        {{.name = "by_id", .fields = {}},
         {.name = "one", .fields = {"a"}},
         {.name = "two", .fields = {"a", "b"}},
         {.name = "unique", .fields = {"b", "c.d"}, .unique = true}},
};

class RandomPages : public testing::Test {
protected:
    RandomPages() {
        prepare_file(connection_, path_);
        put(OpenCollection{&things});
        for (int i = 0; i < 150; ++i) insert("id" + std::to_string(i));
    }

    WriteAnswer put(Write write) {
        Group group;
        group.items.push_back(WriteItem{1, std::move(write)});
        EXPECT_EQ(run_group(group, transaction_).end, GroupEnd::durable);
        EXPECT_FALSE(group.items[0].answer.failure);
        return group.items[0].answer;
    }

    void insert(const std::string& id) {
        const Value a = dice_.value();
        const Value b = dice_.value();
        const Value c = dice_.value();
        const Document document{id, {{}, {a}, {a, b}, {b, c}}};
        const WriteAnswer answer = put(store::Commit{
            .collection = &things,
            .document = {.id = id, .version = 1, .body = "{}"},
            .keys = document.keys,
        });
        const bool committed = answer.result.kind == store::CommitResult::Kind::committed;
        if (committed) documents_.push_back(document);
    }

    Query random_query() {
        Query query{
            .index = dice_.below(4), .descending = dice_.below(2) == 1, .limit = 1 + dice_.below(20)
        };
        const std::size_t width = things.indexes[query.index].fields.size();
        const std::size_t equals = dice_.below(width + 1);
        while (query.equals.size() < equals) query.equals.push_back(dice_.value());
        if (equals < width && dice_.below(2) == 1) query.from = dice_.value();
        if (equals < width && dice_.below(2) == 1) query.until = dice_.value();
        if (dice_.below(2) == 1) {
            Key mark = query.equals;
            while (mark.size() < width) mark.push_back(dice_.value());
            query.after = {std::move(mark), "id" + std::to_string(dice_.below(150))};
        }
        return query;
    }

    std::vector<std::string> by_sorting(const Query& query) const {
        std::vector<std::pair<Key, std::string>> rows;
        for (const Document& document : documents_) {
            const Key& key = document.keys[query.index];
            if (!std::equal(query.equals.begin(), query.equals.end(), key.begin())) continue;
            const std::size_t next = query.equals.size();
            if (query.from && key[next] < *query.from) continue;
            if (query.until && key[next] > *query.until) continue;
            rows.emplace_back(key, document.id);
        }
        std::ranges::sort(rows);
        if (query.descending) std::ranges::reverse(rows);
        std::vector<std::string> ids;
        for (const auto& row : rows) {
            const bool passed =
                query.after && (query.descending ? row >= *query.after : row <= *query.after);
            if (!passed && ids.size() < query.limit) ids.push_back(row.second);
        }
        return ids;
    }

    std::vector<std::string> by_sqlite(const Query& query) {
        ReadAnswer answer = database_.answer(ReadPage{&things, query});
        if (answer.failure) std::rethrow_exception(answer.failure);
        std::vector<std::string> ids;
        for (const store::Found& found : std::get<std::vector<store::Found>>(answer.rows)) {
            ids.push_back(found.document.id);
        }
        return ids;
    }

    TestDirectory directory_;
    std::string path_ = directory_.database().string();
    PageGuard guard_{""};
    Connection connection_{path_, Connection::Mode::write, guard_};
    WriteTransaction transaction_{(prepare_file(connection_, path_), connection_), 1};
    ReadDatabase database_{path_, guard_};
    Dice dice_;
    std::vector<Document> documents_;
};

TEST_F(RandomPages, are_what_sorting_gives) {
    std::size_t rows = 0;
    for (int i = 0; i < 4'000; ++i) {
        const Query query = random_query();
        const std::vector<std::string> expected = by_sorting(query);
        ASSERT_EQ(by_sqlite(query), expected) << "query " << i;
        rows += expected.size();
    }
    EXPECT_GT(rows, 4'000) << "most queries found something";
}

TEST_F(RandomPages, never_sort_when_the_index_is_not_unique) {
    const Layout layout(things);
    for (const bool descending : {false, true}) {
        const Query query{
            .index = 2, .equals = {number(1)}, .from = number(0), .descending = descending
        };
        for (const Scan& scan : plan_page(query, 2)) {
            Statement plan =
                connection_.prepare("EXPLAIN QUERY PLAN " + scan_sql(layout, 2, scan, descending));
            while (plan.step()) {
                const std::string step(plan.text(3));
                EXPECT_EQ(step.find("TEMP B-TREE"), std::string::npos) << step;
                EXPECT_NE(step.find("SEARCH"), std::string::npos) << step;
            }
        }
    }
}

} // namespace
} // namespace backline::sqlite
