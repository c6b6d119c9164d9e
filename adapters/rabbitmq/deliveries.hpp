#pragma once

#include "adapters/rabbitmq/consumer.hpp"
#include "adapters/rabbitmq/handlers.hpp"
#include "adapters/rabbitmq/member.hpp"
#include "adapters/rabbitmq/publisher.hpp"
#include "adapters/rabbitmq/settings.hpp"
#include "adapters/rabbitmq/topology.hpp"
#include "platform/async/loop_poster.hpp"
#include "platform/async/runtime.hpp"
#include "platform/async/task_group.hpp"
#include "platform/async/wait.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace backline::rabbitmq {

/// What comes from the broker for this process, and what becomes of it: handled and acked; or put, confirmed, into
/// another queue and only then acked. Loop thread only.
class Deliveries final {
public:
    /// `on_state`: told of each loss of the connection in one sentence, and with an empty one when it is back.
    Deliveries(
        Runtime& runtime,
        LoopPoster& poster,
        const Settings& settings,
        const Topology& topology,
        std::deque<Member>& members,
        Publisher& publisher,
        std::vector<Queue> queues,
        std::function<void(const std::string&)> on_state
    );

    /// The queues stand. Once.
    void start() { consumer_.start(); }

    /// They have begun at least once.
    [[nodiscard]] bool began() const { return began_; }

    /// One try of an event that no queue has brought; what came of it.
    Task<std::exception_ptr> try_now(Member& member, bus::EventRecord event);

    /// Nothing new is begun; what fails now stays where it is kept.
    void stop();

    /// After `stop`: resolves when nothing is being handled any more.
    Task<> join();

    /// Closes the connection, so that the broker has heard of every ack.
    void close() { consumer_.stop(true); }

private:
    /// What a queue is for.
    struct Source {
        Member* member;
        bool suspects = false;
    };

    static std::vector<Source> sources_of(std::deque<Member>& members);
    [[nodiscard]] std::vector<Listening> listening() const;
    [[nodiscard]] Listening listening(const Source& source) const;
    Consumer::Listener listener(std::function<void(const std::string&)> on_state);

    void session_began();
    void take(Delivery delivery);
    Task<> catch_up(Member& member);
    Task<> observe(Member& member, Delivery delivery);
    Task<> deliver(Source source, Delivery delivery);
    Task<> handle(Member& member, Delivery delivery, Copy copy);
    Task<> set_aside(Member& member, Delivery delivery, Copy copy);
    Task<> fail(Member& member, Delivery delivery, Copy copy);
    Task<> park(Member& member, Delivery delivery, Copy copy);
    Task<bool> move(Delivery delivery, std::string queue, Copy copy);
    Task<> try_suspects();
    Task<> until_suspects_wait();
    Task<> watch_handlers();

    Runtime& runtime_;
    const Settings& settings_;
    const Topology& topology_;
    std::deque<Member>& members_;
    Publisher& publisher_;
    const std::vector<Source> sources_; ///< By position of the queue.
    bool began_ = false;
    bool stopping_ = false;
    bool suspects_wait_ = false; ///< Perhaps.
    std::size_t moving_ = 0;     ///< Deliveries on the way to another queue.
    Signal moved_;               ///< One fewer.
    Handlers handlers_;
    Consumer consumer_;
    TaskGroup tasks_; ///< Last: its frames use everything above.
};

} // namespace backline::rabbitmq
