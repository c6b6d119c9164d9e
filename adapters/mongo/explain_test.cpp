// At stake: a page that sorts or scans a collection works in every test and stops a shop that has grown.
// How: the server explains each shape of query on hundreds of documents; it must walk an index, and only as far as the
// page goes.
#include "adapters/mongo/explaining_test.hpp"
#include "adapters/mongo/server_test.hpp"

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

} // namespace
} // namespace backline::mongo
