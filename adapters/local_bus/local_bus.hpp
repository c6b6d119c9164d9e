#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/task_group.hpp"
#include "platform/async/wait.hpp"
#include "platform/bus/bus.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace backline::local_bus {

/// The bus inside one process. Its queue is the outbox itself: an event leaves the outbox when every subscriber has
/// handled or parked it, and after a crash the relay offers it again. What it must keep beside that (attempts, parked
/// messages) lies in the store's `ParkingLot`. Loop thread only.
class LocalBus final : public bus::Bus {
public:
    struct Settings {
        Duration retry_first{200};
        Duration retry_max{30'000};
    };

    LocalBus(Runtime& runtime, store::ParkingLot& lot, Settings settings);

    void subscribe(bus::Subscription subscription) override;
    Task<> publish(bus::EventRecord event, bool redelivered) override;
    Task<std::vector<store::Parked>> parked(std::size_t limit) override;
    Task<> replay(std::string event_id, std::string subscriber) override;

private:
    struct Consumer {
        bus::Subscription subscription;
        Permits permits;
    };

    /// One event on its way to all its subscribers.
    struct Fanout {
        const bus::EventRecord& event;
        bool redelivered;
        std::size_t open;
        Signal done;
        std::exception_ptr failure{};
    };

    Task<> deliver(Consumer& consumer, Fanout& fanout);
    Task<> deliver_until_parked(Consumer& consumer, Fanout& fanout);
    Task<bool> attempt(Consumer& consumer, bus::EventRecord event, std::string& reason);
    Task<> observe(Consumer& consumer, bus::EventRecord event);
    [[nodiscard]] Duration pause_after(int attempts) const;

    Runtime& runtime_;
    store::ParkingLot& lot_;
    Settings settings_;
    std::deque<Consumer> consumers_; ///< A deque: deliveries hold references.
    TaskGroup deliveries_;
};

} // namespace backline::local_bus
