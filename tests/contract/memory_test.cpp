// At stake: tests and the simulator believe this store; what it gets wrong they take for right.
// How: the contracts of every store, alone on its disk and as one of several replicas.
#include "adapters/memory/memory_store.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "tests/contract/collection_contract.hpp"
#include "tests/contract/store_contract.hpp"

namespace backline::contract {
namespace {

class MemorySetup final : public StoreSetup {
public:
    explicit MemorySetup(bool exclusive) : exclusive_(exclusive) { restart(); }

    Runtime& runtime() override { return *runtime_; }

    store::Store& store() override { return *stores_.front(); }

    store::ParkingLot* lot() override { return stores_.front().get(); }

    void run(Task<> task) override { memory::run(loop_, std::move(task)); }

    void restart() override {
        stores_.clear();
        runtime_ = std::make_unique<memory::VirtualRuntime>(loop_);
        add_replica();
    }

    store::Store& add_replica() override {
        return *stores_.emplace_back(
            std::make_unique<memory::MemoryStore>(*runtime_, disk_, exclusive_)
        );
    }

private:
    memory::VirtualLoop loop_{1};
    memory::MemoryDisk disk_;
    bool exclusive_;
    std::unique_ptr<memory::VirtualRuntime> runtime_;
    std::vector<std::unique_ptr<memory::MemoryStore>> stores_;
};

std::unique_ptr<StoreSetup> alone() {
    return std::make_unique<MemorySetup>(true);
}

std::unique_ptr<StoreSetup> shared() {
    return std::make_unique<MemorySetup>(false);
}

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, testing::Values(alone));
INSTANTIATE_TEST_SUITE_P(Memory, ParkingContract, testing::Values(alone));
INSTANTIATE_TEST_SUITE_P(Memory, CollectionContract, testing::Values(alone));
INSTANTIATE_TEST_SUITE_P(MemoryReplica, CollectionContract, testing::Values(shared));

} // namespace
} // namespace backline::contract
