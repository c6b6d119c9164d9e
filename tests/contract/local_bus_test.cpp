// At stake: the embedded shop has no other bus; its queue is the outbox of the store that it stands on.
// How: the contract of every bus, over the memory store on virtual time and over the embedded store in real time; and
// what is its own: pauses that grow, and a parking lot that goes away.
#include "adapters/local_bus/local_bus.hpp"
#include "adapters/memory/memory_store.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "platform/async/wait.hpp"
#include "tests/contract/bus_contract.hpp"
#include "tests/contract/real_loop.hpp"

#include <filesystem>

namespace backline::contract {
namespace {

using local_bus::LocalBus;
using memory::MemoryDisk;
using memory::MemoryStore;
using memory::VirtualLoop;
using memory::VirtualRuntime;

std::filesystem::path new_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "backline-XXXXXX").string();
    return mkdtemp(name.data());
}

const LocalBus::Settings quick_retries{.retry_first = Duration{4}, .retry_max = Duration{16}};

struct Process {
    VirtualRuntime runtime;
    MemoryStore store;
    LocalBus bus;
    bus::Relay relay;

    Process(VirtualLoop& loop, MemoryDisk& disk, bus::Relay::Settings settings)
        : runtime(loop)
        , store(runtime, disk)
        , bus(runtime, store, quick_retries)
        , relay(runtime, store, bus, settings) {}
};

class MemoryBusSetup final : public BusSetup {
public:
    void start(std::vector<bus::Subscription> subscriptions, bus::Relay::Settings relay) override {
        process_ = std::make_unique<Process>(loop_, disk_, relay);
        run(process_->store.open(things()));
        for (bus::Subscription& one : subscriptions) process_->bus.subscribe(std::move(one));
        run(process_->bus.start());
        process_->relay.start();
    }

    void crash() override { process_.reset(); }

    Runtime& runtime() override { return process_->runtime; }

    store::Store& store() override { return process_->store; }

    bus::Bus& bus() override { return process_->bus; }

    bus::Relay& relay() override { return process_->relay; }

    void run(Task<> task) override { memory::run(loop_, std::move(task)); }

private:
    VirtualLoop loop_{1};
    MemoryDisk disk_;
    std::unique_ptr<Process> process_;
};

std::unique_ptr<BusSetup> over_memory() {
    return std::make_unique<MemoryBusSetup>();
}

/// The same over the embedded store, in real time.
class SqliteBusSetup final : public BusSetup {
public:
    SqliteBusSetup() = default;

    ~SqliteBusSetup() override { std::filesystem::remove_all(directory_); }

    void start(std::vector<bus::Subscription> subscriptions, bus::Relay::Settings relay) override {
        const sqlite::Settings settings{.directory = directory_};
        store_ = std::make_unique<sqlite::SqliteStore>(loop_, settings, &failed);
        run(store_->open(things()));
        bus_ = std::make_unique<LocalBus>(loop_, *store_, quick_retries);
        for (bus::Subscription& one : subscriptions) bus_->subscribe(std::move(one));
        run(bus_->start());
        relay_ = std::make_unique<bus::Relay>(loop_, *store_, *bus_, relay);
        relay_->start();
    }

    void crash() override {
        store_.reset();
        loop_.forget();
        relay_.reset();
        bus_.reset();
    }

    Runtime& runtime() override { return loop_; }

    store::Store& store() override { return *store_; }

    bus::Bus& bus() override { return *bus_; }

    bus::Relay& relay() override { return *relay_; }

    void run(Task<> task) override { loop_.run(std::move(task)); }

private:
    static void failed(const std::string& reason) { ADD_FAILURE() << reason; }

    const std::filesystem::path directory_ = new_directory();
    RealLoop loop_;
    std::unique_ptr<sqlite::SqliteStore> store_;
    std::unique_ptr<LocalBus> bus_;
    std::unique_ptr<bus::Relay> relay_;
};

std::unique_ptr<BusSetup> over_sqlite() {
    return std::make_unique<SqliteBusSetup>();
}

INSTANTIATE_TEST_SUITE_P(LocalBusOverMemory, BusContract, testing::Values(over_memory));
INSTANTIATE_TEST_SUITE_P(LocalBusOverSqlite, BusContract, testing::Values(over_sqlite));

// --- what is its own ------------------------------------------------------------------------------------------------

/// A parking lot that can go away, and counts what is written to it.
class FaultyLot final : public store::ParkingLot {
public:
    explicit FaultyLot(store::ParkingLot& inner) : inner_(inner) {}

    bool away = false;
    int writes = 0;

    Task<> note_attempts(std::string event, std::string subscriber, int attempts) override {
        count();
        return inner_.note_attempts(std::move(event), std::move(subscriber), attempts);
    }

    Task<int> attempts(std::string event, std::string subscriber) override {
        return inner_.attempts(std::move(event), std::move(subscriber));
    }

    Task<> park(store::Parked parked) override {
        count();
        return inner_.park(std::move(parked));
    }

    Task<std::vector<store::Parked>> parked(std::size_t limit) override {
        return inner_.parked(limit);
    }

    Task<> unpark(std::string event, std::string subscriber) override {
        count();
        return inner_.unpark(std::move(event), std::move(subscriber));
    }

private:
    void count() {
        ++writes;
        if (away) throw Unavailable(Unavailable::Outcome::not_done, "the lot is away");
    }

    store::ParkingLot& inner_;
};

/// A bus without a relay, on virtual time, and handlers that fail as often as they are told.
struct Stand {
    VirtualLoop loop{1};
    VirtualRuntime runtime{loop};
    MemoryDisk disk;
    MemoryStore store{runtime, disk};
    FaultyLot lot{store};
    std::vector<std::string> given_up;
    LocalBus bus{runtime, lot, {.on_parked = [this](const store::Parked& parked) {
                     given_up.push_back(parked.subscriber + ": " + parked.reason);
                 }}};
    int failures_left = 0;
    std::vector<Duration> tried_at;

    void subscribe(std::string name, int attempts_max) {
        bus::Subscription made;
        made.subscriber = std::move(name);
        made.types = {placed};
        made.in_flight_max = 1;
        made.attempts_max = attempts_max;
        made.handle = [this](const bus::EventRecord&) { return handle(); };
        bus.subscribe(std::move(made));
    }

    Task<> handle() {
        tried_at.push_back(runtime.now().monotonic.since_start);
        co_await turn(runtime);
        if (failures_left-- > 0) throw std::runtime_error("not yet");
    }

    /// False if the bus could not take it over.
    bool publish(const std::string& id, bool redelivered = false) {
        bus::EventRecord event;
        event.id = id;
        event.type = placed;
        try {
            memory::run(loop, bus.publish(event, redelivered));
        } catch (const Unavailable&) {
            return false;
        }
        return true;
    }
};

TEST(LocalBus, waits_longer_after_each_failure_up_to_half_a_minute) {
    Stand stand;
    stand.subscribe("orders", 12);
    stand.failures_left = 100;
    EXPECT_TRUE(stand.publish("a"));
    ASSERT_EQ(stand.tried_at.size(), 12U);
    Duration full{200};
    for (std::size_t i = 1; i < stand.tried_at.size(); ++i) {
        const Duration pause = stand.tried_at[i] - stand.tried_at[i - 1];
        EXPECT_GE(pause, full / 2) << i;
        EXPECT_LE(pause, full) << i;
        full = std::min(2 * full, Duration{30'000});
    }
}

Task<> stop_later(Stand& stand) {
    co_await sleep_for(stand.runtime, Duration{20'000});
    stand.bus.stop();
}

TEST(LocalBus, lets_a_stop_wait_for_no_pause_and_keeps_what_has_failed) {
    Stand stand;
    stand.subscribe("orders", 12);
    stand.failures_left = 100;
    TaskGroup group;
    group.spawn(stop_later(stand));
    EXPECT_FALSE(stand.publish("a")) << "it stays in the outbox";
    EXPECT_LE(stand.loop.now().monotonic.since_start, Duration{20'200});
    EXPECT_TRUE(stand.given_up.empty());
    EXPECT_EQ(stand.disk.attempts("a", "orders"), static_cast<int>(stand.tried_at.size()));
}

TEST(LocalBus, writes_nothing_for_a_message_that_works) {
    Stand stand;
    stand.subscribe("orders", 8);
    EXPECT_TRUE(stand.publish("a"));
    EXPECT_EQ(stand.lot.writes, 0);
}

TEST(LocalBus, counts_a_message_that_comes_again_before_it_tries_it) {
    Stand stand;
    stand.subscribe("orders", 8);
    EXPECT_TRUE(stand.publish("a", true));
    EXPECT_EQ(stand.lot.writes, 1);
    EXPECT_EQ(stand.disk.attempts("a", "orders"), 1);
}

TEST(LocalBus, gives_a_message_back_while_its_attempts_cannot_be_counted) {
    Stand stand;
    stand.subscribe("orders", 8);
    stand.subscribe("payments", 8);
    stand.failures_left = 1;
    stand.lot.away = true;
    EXPECT_FALSE(stand.publish("a"));
    EXPECT_EQ(stand.tried_at.size(), 2U); // Each once; the second attempt would have to be counted.
    stand.lot.away = false;
    EXPECT_TRUE(stand.publish("a", true));
    EXPECT_TRUE(stand.publish("b")); // The permit was given back.
}

TEST(LocalBus, gives_a_message_back_that_it_cannot_park) {
    Stand stand;
    stand.subscribe("orders", 1);
    stand.failures_left = 1;
    stand.lot.away = true;
    EXPECT_FALSE(stand.publish("a"));
    EXPECT_TRUE(stand.disk.parked(10).empty());
    EXPECT_TRUE(stand.given_up.empty());
    stand.lot.away = false;
    EXPECT_TRUE(stand.publish("a", true));
}

TEST(LocalBus, tells_of_each_message_that_it_gave_up) {
    Stand stand;
    stand.subscribe("orders", 2);
    stand.failures_left = 2;
    EXPECT_TRUE(stand.publish("a"));
    EXPECT_TRUE(stand.publish("b"));
    EXPECT_EQ(stand.given_up, std::vector<std::string>{"orders: not yet"});
}

} // namespace
} // namespace backline::contract
