// At stake: what the split shop keeps, and that it behaves as the stores that tests and the embedded shop believe.
// How: the contracts of every store, over a real replica set in real time, alone and as one of several replicas.
#include "adapters/mongo/mongo_store.hpp"
#include "adapters/mongo/process_test.hpp"
#include "tests/contract/collection_contract.hpp"
#include "tests/contract/store_contract.hpp"
#include "tests/contract/test_server.hpp"

namespace backline::contract {
namespace {

class MongoSetup final : public StoreSetup {
public:
    explicit MongoSetup(const std::string& url)
        : process_(mongo::test_settings(url), things().service) {}

    Runtime& runtime() override { return process_.loop(); }

    store::Store& store() override { return process_.store(); }

    store::ParkingLot* lot() override { return nullptr; }

    void run(Task<> task) override { process_.run(std::move(task)); }

    void restart() override { process_.restart(); }

    store::Store& add_replica() override {
        mongo::MongoStore& store = process_.add_store();
        for (const store::CollectionSpec* spec : {&things(), &other_things(), &counters()}) {
            process_.run(store.open(*spec));
        }
        return store;
    }

private:
    mongo::TestProcess process_;
};

std::unique_ptr<StoreSetup> on_a_replica_set() {
    const std::optional<std::string> url = test_server("BACKLINE_TEST_MONGO_URL");
    if (!url) return nullptr;
    return std::make_unique<MongoSetup>(*url);
}

INSTANTIATE_TEST_SUITE_P(Mongo, StoreContract, testing::Values(on_a_replica_set));
INSTANTIATE_TEST_SUITE_P(Mongo, CollectionContract, testing::Values(on_a_replica_set));

} // namespace
} // namespace backline::contract
