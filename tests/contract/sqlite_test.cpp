// At stake: what the embedded shop keeps, and that it behaves as the memory store that tests believe.
// How: the contracts of every store, over a real file in real time.
#include "adapters/sqlite/sqlite_store.hpp"
#include "platform/base/invariant.hpp"
#include "tests/contract/collection_contract.hpp"
#include "tests/contract/real_loop.hpp"
#include "tests/contract/store_contract.hpp"

#include <filesystem>

namespace backline::contract {
namespace {

std::filesystem::path new_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "backline-XXXXXX").string();
    return mkdtemp(name.data());
}

class SqliteSetup final : public StoreSetup {
public:
    SqliteSetup() { restart(); }

    ~SqliteSetup() override {
        store_.reset();
        std::filesystem::remove_all(directory_);
    }

    Runtime& runtime() override { return loop_; }

    store::Store& store() override { return *store_; }

    store::ParkingLot* lot() override { return store_.get(); }

    void run(Task<> task) override { loop_.run(std::move(task)); }

    void restart() override {
        store_.reset();
        loop_.forget();
        const sqlite::Settings settings{.directory = directory_};
        store_ = std::make_unique<sqlite::SqliteStore>(loop_, settings, &failed);
    }

    store::Store& add_replica() override {
        invariant_broken("add_replica", "a store that is exclusive has no replica");
    }

private:
    static void failed(const std::string& reason) { ADD_FAILURE() << reason; }

    const std::filesystem::path directory_ = new_directory();
    RealLoop loop_;
    std::unique_ptr<sqlite::SqliteStore> store_;
};

std::unique_ptr<StoreSetup> on_a_file() {
    return std::make_unique<SqliteSetup>();
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(on_a_file));
INSTANTIATE_TEST_SUITE_P(Sqlite, ParkingContract, testing::Values(on_a_file));
INSTANTIATE_TEST_SUITE_P(Sqlite, CollectionContract, testing::Values(on_a_file));

} // namespace
} // namespace backline::contract
