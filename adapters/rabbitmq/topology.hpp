#pragma once

#include "adapters/rabbitmq/message.hpp"
#include "platform/bus/bus.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// The queues, and why there are so many: docs/adr/0020-rabbitmq-bus.md. Pure: names and arguments.
namespace backline::rabbitmq {

/// How often a message may come back from a process that ended before the broker gives it up by itself. High: it counts
/// for all messages that a dying process held, and is only the net below our own count.
inline constexpr std::int64_t delivery_limit = 100;

/// Where the reader of messages puts what the broker noted when it dead-lettered one the last time.
inline constexpr const char* death_reason_header = "x-death/reason";
inline constexpr const char* death_time_header = "x-death/time";

struct Queue {
    std::string name;
    Headers arguments{};
    std::vector<std::string> types{}; ///< Event types to bind to the exchange.
    bool exclusive = false;           ///< Of this connection; goes with it.
};

class Topology final {
public:
    Topology(std::string prefix, std::vector<Duration> retry_after, std::int64_t queue_bytes_max);

    /// The topic exchange that all events are published to, routed by their type.
    [[nodiscard]] std::string exchange() const;

    /// Of one shared subscriber: what it has yet to handle,
    [[nodiscard]] std::string queue(const std::string& subscriber) const;
    /// what was being handled when a process ended, given out one by one,
    [[nodiscard]] std::string suspects(const std::string& subscriber) const;
    /// what has failed `attempts` times and waits to be tried again,
    [[nodiscard]] std::string retry(const std::string& subscriber, int attempts) const;
    /// and what was given up.
    [[nodiscard]] std::string parking(const std::string& subscriber) const;

    /// Everything that lies in wait for the subscriber: all of these but the parking queue.
    [[nodiscard]] std::vector<std::string> waiting(const std::string& subscriber) const;

    /// The durable queues of one shared subscription, to be declared in this order.
    [[nodiscard]] std::vector<Queue> shared(const bus::Subscription& subscription) const;

    /// An exclusive queue; its name is to be completed with something that no other connection uses.
    [[nodiscard]] Queue observer(const bus::Subscription& subscription) const;

private:
    [[nodiscard]] Queue durable(std::string name) const;

    std::string prefix_;
    std::vector<Duration> retry_after_;
    std::int64_t queue_bytes_max_;
};

} // namespace backline::rabbitmq
