// At stake: between processes there is no other bus; what it loses, no other service ever hears of.
// How: the contract of every bus over a real broker, a virtual host for each test.
#include "adapters/memory/memory_store.hpp"
#include "adapters/rabbitmq/broker_test.hpp"
#include "adapters/rabbitmq/rabbit_bus.hpp"
#include "tests/contract/bus_contract.hpp"
#include "tests/contract/real_loop.hpp"

namespace backline::contract {
namespace {

using rabbitmq::RabbitBus;
using rabbitmq::TestBroker;

class RabbitBusSetup final : public BusSetup {
public:
    explicit RabbitBusSetup(std::unique_ptr<TestBroker> broker) : broker_(std::move(broker)) {}

    void start(std::vector<bus::Subscription> subscriptions, bus::Relay::Settings relay) override {
        store_ = std::make_unique<memory::MemoryStore>(loop_, disk_);
        run(store_->open(things()));
        bus_ = std::make_unique<RabbitBus>(loop_, loop_, loop_, broker_->settings());
        for (bus::Subscription& one : subscriptions) bus_->subscribe(std::move(one));
        run(bus_->start());
        relay_ = std::make_unique<bus::Relay>(loop_, *store_, *bus_, relay);
        relay_->start();
    }

    void crash() override {
        bus_.reset();
        loop_.forget();
        relay_.reset();
        store_.reset();
    }

    Runtime& runtime() override { return loop_; }

    store::Store& store() override { return *store_; }

    bus::Bus& bus() override { return *bus_; }

    bus::Relay& relay() override { return *relay_; }

    void run(Task<> task) override { loop_.run(std::move(task)); }

    [[nodiscard]] bool settles_when_handled() const override { return false; }

private:
    std::unique_ptr<TestBroker> broker_;
    RealLoop loop_;
    memory::MemoryDisk disk_;
    std::unique_ptr<memory::MemoryStore> store_;
    std::unique_ptr<RabbitBus> bus_;
    std::unique_ptr<bus::Relay> relay_;
};

std::unique_ptr<BusSetup> over_rabbitmq() {
    std::unique_ptr<TestBroker> broker = TestBroker::make();
    return broker ? std::make_unique<RabbitBusSetup>(std::move(broker)) : nullptr;
}

INSTANTIATE_TEST_SUITE_P(RabbitMq, BusContract, testing::Values(over_rabbitmq));

} // namespace
} // namespace backline::contract
