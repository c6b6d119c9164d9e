// At stake: operators who are told a wrong number of documents or commits. How: a store of a few documents, read page
// by page through the routes.
#include "adapters/memory/memory_store.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "apps/backline/collection_routes.hpp"
#include "platform/http/router.hpp"
#include "platform/http/router_client.hpp"
#include "platform/observe/metrics.hpp"
#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

namespace backline::system_tests {
namespace {

const store::CollectionSpec carts{.service = "orders", .name = "carts"};

class CollectionRoutesTest : public testing::Test {
protected:
    CollectionRoutesTest() {
        memory::run(loop, store.open(carts));
        for (const char* id : {"a", "b", "c"}) commit(id, 0);
        commit("b", 1);
        router.add(operators.routes());
    }

    void commit(const std::string& id, std::int64_t base) {
        store::Commit commit;
        commit.collection = &carts;
        commit.document = {id, base + 1, base + 2, base + 3, 1, R"({"secret":"mine"})"};
        commit.base_version = base;
        commit.operation = id + std::to_string(base);
        memory::run(loop, store.commit(std::move(commit)));
    }

    http::ClientAnswer get(std::string target) {
        http::RouterClient client(router);
        return memory::run(loop, client.send({std::move(target), http::Method::get, {}, {}}));
    }

    memory::VirtualLoop loop{1};
    memory::VirtualRuntime runtime{loop};
    memory::MemoryDisk disk;
    memory::MemoryStore store{runtime, disk};
    http_tests::LinesLog log;
    observe::Metrics metrics;
    http_tests::FakeAuthenticator nobody;
    http::Router router{runtime, nobody, log, metrics, {}};
    app::CollectionRoutes operators{store, {Service{.name = "orders", .collections = {&carts}}}};
};

TEST_F(CollectionRoutesTest, lists_the_collections_of_its_services) {
    EXPECT_EQ(get("/collections").body, R"({"collections":["orders.carts"]})");
}

TEST_F(CollectionRoutesTest, says_how_far_each_document_has_come_page_by_page) {
    EXPECT_EQ(
        get("/collections/orders.carts/counters?limit=2").body,
        R"({"counters":[{"id":"a","version":1,"events":2,"entries":3},)"
        R"({"id":"b","version":2,"events":3,"entries":4}],"next":"b"})"
    );
    EXPECT_EQ(
        get("/collections/orders.carts/counters?limit=2&after=b").body,
        R"({"counters":[{"id":"c","version":1,"events":2,"entries":3}]})"
    );
}

TEST_F(CollectionRoutesTest, says_so_where_there_is_no_such_collection) {
    const http::ClientAnswer answer = get("/collections/orders.cartz/counters");
    EXPECT_EQ(answer.status, 404);
    EXPECT_NE(answer.body.find("This process keeps no collection orders.cartz."), std::string::npos)
        << answer.body;
}

} // namespace
} // namespace backline::system_tests
