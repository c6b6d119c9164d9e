#pragma once

#include "platform/async/task.hpp"
#include "platform/store/store.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

/// The bus port: at least once, in any order between aggregates, with bounded retry, parking and replay. The in-process
/// bus and RabbitMQ both keep these promises; `tests/contract` holds them to it. Services do not use the port directly;
/// they list `on(reactions, &Reactions::stock_held)` in `service.cpp`.
namespace backline::bus {

using store::EventRecord;

/// One consumer. `shared`: each event is handled by one replica of the consumer; failures are retried with a growing,
/// jittered pause and parked after `attempts_max`. `observed`: every replica sees each event published while it runs;
/// failures are only logged, since an observer resyncs from its store.
struct Subscription {
    enum class Kind { shared, observed };

    std::string
        subscriber; ///< `orders`, or `orders.prices` where a reaction group has a queue of its own.
    Kind kind = Kind::shared;
    std::vector<std::string>
        types; ///< CloudEvents types; names no type of events that nobody declares.
    /// The event was handled when this returns; throwing anything means that it was not. `Refused` and
    /// `InvariantBroken` count as attempts like everything else. Empty: another process handles it, and this one
    /// only sees to it that the copy is kept.
    std::function<Task<>(EventRecord)> handle{};
    /// An observer's: awaited whenever events may have been missed, which is at the start and after each gap,
    /// before the first event that follows. What it throws is a failure like that of `handle`.
    std::function<Task<>()> resync{};
    std::size_t in_flight_max = 64;
    int attempts_max = 8;
};

/// Loop thread only.
class Bus {
public:
    Bus() = default;
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;
    virtual ~Bus() = default;

    /// Before anything is published. All subscribers of the shop are declared by every process, so that no copy is lost
    /// to a queue that does not exist yet; a process gives handlers only for the services that it runs.
    virtual void subscribe(Subscription subscription) = 0;

    /// After all subscriptions and before the first `publish`. Deliveries begin. A broker that is away is waited for in
    /// the background, so a process may start without it.
    virtual Task<> start() = 0;

    /// Resolves when the bus has taken the event over for good: the broker confirmed it, or (in process) every
    /// subscriber has handled or parked it. Throws `Unavailable` if that cannot be had now; the relay tries again.
    /// `redelivered` says that the event may have been published before, perhaps by a process that died of it.
    virtual Task<> publish(EventRecord event, bool redelivered) = 0;

    /// From now on nothing is tried again here: an event whose handler has failed stays where it is kept, for the next
    /// start. What is being handled goes on. So a stop need not wait for the pauses between attempts.
    virtual void stop() = 0;

    /// How many events wait for a subscriber or are being handled by it; fewer or more a moment later.
    struct Depth {
        std::string subscriber;
        std::int64_t events = 0;
    };

    /// Of each shared subscription that is declared here.
    virtual Task<std::vector<Depth>> depths() = 0;

    /// Parked events of the subscribers that are handled here, oldest first.
    virtual Task<std::vector<store::Parked>> parked(std::size_t limit) = 0;

    /// Hands one parked event to its subscriber again, once, and takes it off the list when it was handled. What the
    /// handler throws comes out of here, and the event stays parked.
    virtual Task<> replay(std::string event_id, std::string subscriber) = 0;
};

} // namespace backline::bus
