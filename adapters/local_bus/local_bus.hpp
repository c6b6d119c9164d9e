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
        /// Told of each message that was given up, once it is safely parked: somebody has to look. Must not throw.
        std::function<void(const store::Parked&)> on_parked{};
    };

    LocalBus(Runtime& runtime, store::ParkingLot& lot, Settings settings);

    /// Nobody else is here to handle anything, so every subscription has its handler.
    void subscribe(bus::Subscription subscription) override;
    Task<> start() override;
    Task<> publish(bus::EventRecord event, bool redelivered) override;

    void stop() override { stopping_ = true; }

    Task<std::vector<Depth>> depths() override;
    Task<std::vector<store::Parked>> parked(std::size_t limit) override;
    Task<> replay(std::string event_id, std::string subscriber) override;

private:
    struct Consumer {
        bus::Subscription subscription;
        Permits permits;
        std::int64_t open = 0; ///< Deliveries that wait or are under way.
    };

    /// One event on its way to all its subscribers.
    struct Fanout {
        const bus::EventRecord& event;
        bool redelivered;
        std::size_t open;
        Signal done;
        std::exception_ptr failure{};
    };

    /// One event on its way to one subscriber.
    struct Delivery {
        Consumer& consumer;
        Fanout& fanout;
        bool suspect = false; ///< It was being tried when a process ended.
        int attempts = 0;
        std::string reason{}; ///< Of the last failure that this process saw.
    };

    Task<> deliver(Consumer& consumer, Fanout& fanout);
    Task<> deliver_until_parked(Consumer& consumer, Fanout& fanout);
    Task<bool> attempt(Delivery& delivery);
    Task<bool> attempt_counted(Delivery& delivery);
    Task<> note(Delivery& delivery, int attempts);
    Task<> park(Delivery& delivery);
    Task<> observe(Consumer& consumer, bus::EventRecord event);
    Task<> pause_after(int attempts);
    [[nodiscard]] Duration pause_for(int attempts) const;

    Runtime& runtime_;
    store::ParkingLot& lot_;
    Settings settings_;
    bool stopping_ = false;
    std::deque<Consumer> consumers_; ///< A deque: deliveries hold references.
    Permits suspects_;               ///< One: see `attempt`.
    TaskGroup deliveries_;
};

} // namespace backline::local_bus
