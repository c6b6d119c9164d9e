// At stake: an index that a service declares and MongoDB does not walk: its pages work in every test, and stop a shop
// that has grown.
// How: the real server explains every shape of query that the port can make of every index of the six services, on
// synthetic documents of which all but the last field of an index are alike.
#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/mongo/explaining_test.hpp"
#include "adapters/mongo/process_test.hpp"
#include "apps/backline/shop.hpp"
#include "platform/async/task_group.hpp"
#include "tests/contract/test_server.hpp"
#include "tests/support/folder.hpp"

#include <fmt/format.h>

namespace backline::mongo {
namespace {

constexpr int documents = 60;
constexpr std::size_t page_size = 10;

store::Key key_of(const store::Index& index, int number) {
    store::Key key(index.fields.size(), store::Value{"alike"});
    key.back() = number;
    return key;
}

Task<> fill_one(MongoStore& store, const store::CollectionSpec& spec, int number) {
    store::Commit commit{&spec, {.id = fmt::format("d{}", number), .version = 1, .body = "{}"}};
    for (const store::Index& index : spec.indexes) commit.keys.push_back(key_of(index, number));
    co_await store.commit(std::move(commit));
}

Task<> fill(MongoStore& store, const store::CollectionSpec& spec) {
    co_await store.open(spec);
    TaskGroup group;
    for (int number = 0; number < documents; ++number) group.spawn(fill_one(store, spec, number));
    co_await group.join();
}

/// With every prefix of the key given: all that it leaves open, and a range of the next field.
std::vector<store::Query> queries_of(const store::CollectionSpec& spec, std::size_t at) {
    const store::Key whole = key_of(spec.indexes[at], documents / 2);
    const auto begin = whole.begin();
    std::vector<store::Query> queries;
    for (std::size_t given = 0; given <= whole.size(); ++given) {
        const store::Key prefix(begin, begin + static_cast<std::ptrdiff_t>(given));
        queries.push_back({.index = at, .equals = prefix, .limit = page_size});
        if (given == whole.size()) break;
        queries.push_back({.index = at, .equals = prefix, .from = whole[given], .limit = page_size}
        );
    }
    return queries;
}

class Explaining final {
public:
    Explaining(const std::string& url, const std::string& service)
        : process_(test_settings(url), service)
        , server_(process_.settings()) {}

    void expect_every_index_is_walked(const store::CollectionSpec& spec) {
        process_.run(fill(process_.store(), spec));
        for (std::size_t at = 0; at < spec.indexes.size(); ++at) {
            for (store::Query query : queries_of(spec, at)) {
                for (const bool descending : {false, true}) {
                    query.descending = descending;
                    expect_walked(spec, query);
                }
            }
        }
    }

private:
    void expect_walked(const store::CollectionSpec& spec, const store::Query& query) {
        const Layout layout(spec, process_.settings().database_prefix);
        const std::string what = fmt::format(
            "{}, index {}, {} fields given, {}",
            spec.full_name(),
            spec.indexes[query.index].name,
            query.equals.size(),
            query.descending ? "descending" : "ascending"
        );
        const auto found = process_.run(process_.store().page(spec, query));
        EXPECT_FALSE(found.empty()) << what;
        const std::optional<PagePlan> plan = plan_page(layout, query);
        ASSERT_TRUE(plan.has_value()) << what;
        expect_walks_an_index(explain(server_, layout, *plan), page_size + 1, what);
    }

    TestProcess process_;
    Server server_;
};

TEST(Explain, every_index_of_every_service_is_walked_and_only_as_far_as_the_page_goes) {
    const auto url = contract::test_server("BACKLINE_TEST_MONGO_URL");
    if (!url) return;
    const tests::Folder folder;
    app::Config config;
    config.data = Text<1, 1000>::of(folder.path.string());
    asio_runtime::AsioRuntime runtime;
    const app::Shop shop(runtime, config);
    std::size_t indexes = 0;
    for (const Service& service : shop.services()) {
        Explaining explaining(*url, service.name);
        for (const store::CollectionSpec* spec : service.collections) {
            explaining.expect_every_index_is_walked(*spec);
            indexes += spec->indexes.size();
        }
    }
    EXPECT_GT(indexes, 10U);
}

} // namespace
} // namespace backline::mongo
