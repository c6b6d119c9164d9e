#pragma once

#include "adapters/local_bus/local_bus.hpp"
#include "adapters/memory/memory_store.hpp"
#include "tests/simulation/answer.hpp"
#include "tests/simulation/faults.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace backline::simulation {

/// The bus that all simulated processes share: the real in-process bus, alone in a process of its own that does not
/// die, with bad luck on the way in and on the way out. It also remembers every event that it ever saw, for the
/// oracles.
class Broker final {
public:
    Broker(memory::VirtualLoop& loop, Fate& fate);

    /// How a process takes a delivery: answers true once it was handled, false if the process is down; fails if it
    /// could not be handled or the process dies over it.
    using Take = std::function<void(bus::EventRecord, std::shared_ptr<Answer<bool>>)>;

    /// Declares a consumer, once in the life of the broker. `take` is called for every delivery.
    void declare(const bus::Subscription& subscription, Take take);

    /// Publishes for a process; `confirm` is settled when every consumer has handled it, or with the bad luck.
    void publish(bus::EventRecord event, bool redelivered, std::shared_ptr<Answer<bool>> confirm);

    [[nodiscard]] const std::map<std::string, bus::EventRecord>& seen() const { return seen_; }

    /// When the consumer was first known to have handled the event; nothing if it never was.
    [[nodiscard]] std::optional<Instant> handled_at(
        const std::string& consumer, const std::string& event
    ) const;

    [[nodiscard]] std::vector<store::Parked> parked() const { return disk_.parked(1'000'000); }

    [[nodiscard]] std::size_t under_way() const { return under_way_; }

private:
    Task<> carry(bus::EventRecord event, bool redelivered, std::shared_ptr<Answer<bool>> confirm);
    Task<> hand_over(std::string consumer, Take take, bus::EventRecord event);
    Task<> hand_over_once(const Take& take, const bus::EventRecord& event);

    memory::VirtualLoop& loop_;
    Fate& fate_;
    memory::VirtualRuntime runtime_;
    memory::MemoryDisk disk_;
    memory::MemoryStore lot_;
    local_bus::LocalBus bus_;
    std::map<std::string, bus::EventRecord> seen_;
    std::map<std::pair<std::string, std::string>, Instant> handled_;
    std::set<std::string> declared_;
    std::size_t under_way_ = 0;
    TaskGroup tasks_;
};

/// The bus port of one process.
class BusClient final : public bus::Bus {
public:
    using Serve = std::function<void(const bus::Subscription&)>;

    /// `serve` is told of each subscription that the process makes.
    BusClient(Runtime& runtime, Broker& broker, Serve serve);

    void subscribe(bus::Subscription subscription) override { serve_(subscription); }

    Task<> start() override { co_return; }

    Task<> publish(bus::EventRecord event, bool redelivered) override;

    /// Processes here do not stop, they crash.
    void stop() override {}

    Task<std::vector<Depth>> depths() override { co_return std::vector<Depth>{}; }

    Task<std::vector<store::Parked>> parked(std::size_t limit) override;
    Task<> replay(std::string event_id, std::string subscriber) override;

private:
    Runtime& runtime_;
    Broker& broker_;
    Serve serve_;
};

} // namespace backline::simulation
