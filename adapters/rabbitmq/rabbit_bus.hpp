#pragma once

#include "adapters/rabbitmq/deliveries.hpp"
#include "adapters/rabbitmq/inspector.hpp"
#include "adapters/rabbitmq/member.hpp"
#include "adapters/rabbitmq/publisher.hpp"
#include "adapters/rabbitmq/settings.hpp"
#include "adapters/rabbitmq/topology.hpp"
#include "platform/async/loop_poster.hpp"
#include "platform/async/runtime.hpp"
#include "platform/bus/bus.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace backline::rabbitmq {

/// The bus on RabbitMQ 3.10 or newer: docs/adr/0020-rabbitmq-bus.md draws its queues. Events are published with
/// confirms and `mandatory`, handled with manual acks, and a message that fails is put into another queue, confirmed,
/// before it is acked where it lay. Two connections, each with a thread of its own, do nothing but carry; every
/// decision is made on the loop. Loop thread only.
///
/// Its destructor ends the connections without a word and drops what is being handled, as a death of the process
/// would; after `stop` and `join` nothing is being handled and the connections are closed in good order.
class RabbitBus final : public bus::Bus {
public:
    /// `aside`: its `offload` runs what operators ask for (`parked`, `replay`, `depths`), which blocks for as long as
    /// the broker takes.
    RabbitBus(Runtime& runtime, LoopPoster& poster, Runtime& aside, Settings settings);
    ~RabbitBus() override;

    void subscribe(bus::Subscription subscription) override;

    /// Resolves when the queues stand and deliveries begin, or after `starts_within`: then the broker is away, and is
    /// waited for in the background.
    Task<> start() override;

    /// An event that no declared subscription names is settled unsent; one that only observers name is sent, but
    /// nobody waits for a queue of theirs.
    Task<> publish(bus::EventRecord event, bool redelivered) override;
    void stop() override;
    Task<std::vector<Depth>> depths() override;
    Task<std::vector<store::Parked>> parked(std::size_t limit) override;
    Task<> replay(std::string event_id, std::string subscriber) override;

    /// After `stop`: resolves when nothing is being handled any more and the broker has heard of it.
    Task<> join();

private:
    using Marks = decltype(Member::being_parked);

    [[nodiscard]] bool wanted(const std::string& type, bool shared) const;
    [[nodiscard]] Member& handler_of(const std::string& subscriber);
    [[nodiscard]] std::vector<inspector::Lot> lots() const;
    [[nodiscard]] std::map<std::string, Marks> being_parked() const;
    void publisher_is(const std::string& state);
    void consumer_is(const std::string& state);
    void tell_trouble();

    Runtime& runtime_;
    LoopPoster& poster_;
    Runtime& aside_;
    const Settings settings_;
    const Topology topology_;
    bool stopping_ = false;
    bool queues_stand_ = false; ///< Since the first connection.
    std::string publisher_trouble_;
    std::string consumer_trouble_;
    std::string told_;
    std::deque<Member> members_; ///< A deque: deliveries hold references.
    std::optional<Publisher> publisher_;
    std::optional<Deliveries> deliveries_; ///< Last: its frames use everything above.
};

} // namespace backline::rabbitmq
