#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/task_group.hpp"
#include "platform/bus/bus.hpp"
#include "platform/store/store.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace backline::bus {

/// Carries committed events from the outbox to the bus, at least once, until the bus has taken them over. The committer
/// publishes at once; what it could not (the bus was away, too much was under way, the process died) a sweep adopts:
/// regularly, and as soon as there is room again. Any number of relays may work on one store: a copy too many is what
/// consumers are made for. Loop thread only.
class Relay final {
public:
    struct Settings {
        std::size_t in_flight_max = 1024;
        Duration sweep_every{1000};
        /// Leave events to the process that committed them for so long, by this process's own clock, since a sweep saw
        /// them first; zero where there is only one process.
        Duration adopt_after{0};
    };

    Relay(Runtime& runtime, store::Store& store, Bus& bus, Settings settings);
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    /// Listens to commits and sweeps until `stop`. Once.
    void start();

    /// Publishes nothing new and waits for what is under way.
    Task<> stop();

    [[nodiscard]] std::size_t in_flight() const { return under_way_.size(); }

private:
    void committed(std::vector<EventRecord> events);
    void take(EventRecord event, bool redelivered);
    Task<> publish(EventRecord event, bool redelivered);
    Task<> sweep_until_stopped();
    Task<> sweep();
    Task<> adopt();
    void remember(std::map<std::string, Monotonic> seen);
    [[nodiscard]] bool old_enough(
        const std::string& event_id, std::map<std::string, Monotonic>& seen
    );

    [[nodiscard]] bool full() const { return under_way_.size() >= settings_.in_flight_max; }

    Runtime& runtime_;
    store::Store& store_;
    Bus& bus_;
    Settings settings_;
    bool stopping_ = false;
    bool sweeping_ = false;
    bool behind_ = false; ///< Something in the outbox had to wait for room.
    std::set<std::string> under_way_;
    std::set<std::string>
        settled_; ///< While a sweep reads: what its page may show although it is done.
    /// What other processes have under way, and when a sweep saw it first.
    std::map<std::string, Monotonic> seen_;
    TaskGroup tasks_;
};

} // namespace backline::bus
