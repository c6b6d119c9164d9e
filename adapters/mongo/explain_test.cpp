// At stake: a page that sorts or scans a collection works in every test and stops a shop that has grown.
// How: the server explains each shape of query on hundreds of documents; it must walk an index, and only as far as the
// page goes.
#include "adapters/mongo/explaining_test.hpp"
#include "adapters/mongo/server_test.hpp"

#include <map>
#include <set>

namespace backline::mongo {
namespace {

class MongoExplain : public ServerFixture {
protected:
    void SetUp() override {
        ServerFixture::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        process().run(fill(store()));
        for (const std::size_t index : {contract::by_email, contract::by_slot}) {
            process().run(store().page(things(), {.index = index})); // Makes their paging indexes.
        }
    }

    /// Three hundred documents, of which three have something in their outbox.
    static Task<> fill(MongoStore& store) {
        TaskGroup group = contract::strict_group();
        for (int i = 0; i < 300; ++i) group.spawn(fill_one(store, i));
        co_await group.join();
    }

    static Task<> fill_one(MongoStore& store, int i) {
        const Thing thing{
            .id = "t" + std::to_string(i),
            .email = i % 2 == 0 ? store::Value{} : store::Value{std::to_string(i) + "@example.com"},
            .group = "g",
            .rank = i,
        };
        co_await store.commit(commit_of(things(), thing, {}, {.events = i % 100 == 0 ? 2 : 0}));
    }

    [[nodiscard]] Explained explained(const PagePlan& plan) {
        return explain(other_program(), Layout(things(), settings().database_prefix), plan);
    }
};

TEST_F(MongoExplain, every_page_walks_its_index) {
    const Layout layout(things(), "");
    const std::pair<store::Key, std::string> mark{{"g", 150}, "t150"};
    const std::pair<store::Key, std::string> slot{{"g", 151, "151@example.com"}, "t151"};
    const store::Query queries[] = {
        {.index = contract::by_rank},
        {.index = contract::by_rank, .equals = {"g"}},
        {.index = contract::by_rank, .equals = {"g", 7}},
        {.index = contract::by_rank, .equals = {"g"}, .from = 10, .until = 200},
        {.index = contract::by_rank, .equals = {"g"}, .after = mark},
        {.index = contract::by_rank, .from = "a", .until = "h"},
        {.index = contract::by_email},
        {.index = contract::by_email, .equals = {"7@example.com"}},
        {.index = contract::by_email, .from = "a"},
        {.index = contract::by_slot, .equals = {"g"}, .after = slot},
        {.index = contract::by_slot, .equals = {"g", 7, "7@example.com"}},
    };
    for (std::size_t i = 0; i < std::size(queries); ++i) {
        store::Query query = queries[i];
        query.limit = 10;
        for (const bool descending : {false, true}) {
            query.descending = descending;
            const std::optional<PagePlan> plan = plan_page(layout, query);
            ASSERT_TRUE(plan.has_value());
            expect_walks_an_index(explained(*plan), 11, "query " + std::to_string(i));
        }
    }
}

TEST_F(MongoExplain, the_relay_walks_only_documents_with_something_in_their_outbox) {
    expect_walks_an_index(explained(plan_outbox("", 100)), 6, "all");
    store().settle({"contract.things/t100/1", "contract.things/t100/2"});
    EXPECT_TRUE(eventually([&] { return store().backlog() == 4; }));
    process().run(store().stop());
    expect_walks_an_index(explained(plan_outbox("", 100)), 4, "after one was settled");
}

/// What the profiler kept of one operation of this process's stores.
struct Done {
    std::string plan; ///< `IXSCAN { _id: 1 }, ...`
    std::int64_t keys = 0;
    std::int64_t documents = 0;
};

class MongoProfile : public MongoExplain {
protected:
    void SetUp() override {
        MongoExplain::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        Bson profile;
        profile.number("profile", 2);
        ask(profile);
    }

    /// By what was done: `find things`, `update things`, `aggregate things`, ...
    std::multimap<std::string, Done> done() {
        Bson filter;
        filter.text("appName", settings().app_name);
        Bson find;
        find.text("find", "system.profile").document("filter", filter).number("batchSize", 5'000);
        const Bson reply = ask(find);
        std::multimap<std::string, Done> all;
        View(reply).inside("cursor").inside("firstBatch").each([&](const Element& element) {
            const View one = element.inside();
            if (one.text("ns").ends_with("system.profile")) return; // This look itself.
            all.emplace(
                what(one),
                Done{
                    std::string(one.text("planSummary")),
                    one.number("keysExamined"),
                    one.number("docsExamined"),
                }
            );
        });
        return all;
    }

private:
    static std::string what(const View& one) {
        const std::string space(one.text("ns"));
        const std::string collection = space.substr(space.find('.') + 1);
        for (const char* name : {"find", "aggregate", "insert"}) {
            if (one.inside("command").has(name)) return name + (" " + collection);
        }
        return std::string(one.text("op")) + " " + collection;
    }
};

TEST_F(MongoProfile, nothing_that_a_store_does_walks_more_than_it_needs) {
    constexpr std::int64_t waiting = 3;
    put({.id = "t7", .group = "g", .rank = 7}, {.events = 1, .entries = 2});
    put({.id = "new"});
    EXPECT_TRUE(eventually([&] { return done().contains("insert things.log"); }));
    process().run(store().log(things(), "t7", 0, 10));
    process().run(store().scan(things(), "t100", 5));
    pending_ids();
    EXPECT_TRUE(eventually([&] { return store().backlog() == 7; }));
    store().settle({"contract.things/t100/1"});
    EXPECT_TRUE(eventually([&] { return store().backlog() == 6; }));
    process().run(store().stop());
    std::set<std::string> kinds;
    for (const auto& [what, one] : done()) {
        kinds.insert(what);
        const bool scans = one.plan.find("COLLSCAN") != std::string::npos;
        EXPECT_FALSE(scans) << what << ": " << one.plan;
        const std::int64_t most = what == "aggregate things" ? 2 * (waiting + 1) + 1 : 7;
        EXPECT_LE(one.keys, most) << what << ": " << one.plan;
        EXPECT_LE(one.documents, most) << what << ": " << one.plan;
    }
    const std::set<std::string> expected{
        "aggregate things",
        "find things",
        "find things.log",
        "insert things",
        "insert things.log",
        "update things",
    };
    EXPECT_EQ(kinds, expected);
}

} // namespace
} // namespace backline::mongo
