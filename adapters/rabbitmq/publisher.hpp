#pragma once

#include "adapters/rabbitmq/confirms.hpp"
#include "adapters/rabbitmq/link.hpp"
#include "platform/async/loop_poster.hpp"
#include "platform/async/runtime.hpp"
#include "platform/async/thread_clock.hpp"
#include "platform/async/wait.hpp"

#include <coroutine>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace backline::rabbitmq {

/// Puts messages into the broker's hands, on a connection of its own so that a broker short of memory, which stops
/// reading from publishers, still hears our acks. Declares every durable queue of the shop before it sends anything: a
/// `mandatory` message is confirmed when any one queue takes it, and a queue that does not exist yet would lose its
/// copy silently. Public methods are the loop's.
class Publisher final : private Link::Side {
public:
    /// `on_state`: told on the loop of each loss in one sentence, and with an empty one when the topology stands.
    Publisher(
        Runtime& runtime,
        LoopPoster& poster,
        const Settings& settings,
        std::string exchange,
        std::vector<Queue> queues,
        std::function<void(const std::string&)> on_state
    );

    void start() { link_.start(); }

    /// Resolves when the broker has confirmed it. Throws `Unavailable` if it did not, or could not be asked in time.
    Task<> send(Outgoing outgoing);

    void stop(bool politely) { link_.stop(politely); }

private:
    struct Order {
        Ticket ticket;
        Outgoing outgoing;
        Monotonic given_at{};
    };

    /// A coroutine in `send`.
    struct Sending {
        Publisher& publisher;
        Outgoing outgoing;
        Settled settled{};
        std::coroutine_handle<> handle{};

        bool await_ready() const noexcept { return false; }

        void await_suspend(std::coroutine_handle<> awaiting);

        void await_resume() const noexcept {}
    };

    void submit(Sending& sending);
    void resume(const std::vector<Settled>& settled);

    void connected(Connection& connection) override;
    void arrived(Connection& connection, Incoming incoming) override;
    void work(Connection* connection) override;
    void lost(const std::string& why) override;

    void take_orders();
    void send_waiting(Connection& connection);
    void expire_waiting();
    void watch_confirms();
    void settle(std::vector<Settled> settled);
    void tell(const std::string& state);

    // The loop's.
    LoopPoster& poster_;
    const Settings settings_;
    const std::string exchange_;
    const std::vector<Queue> queues_;
    const std::function<void(const std::string&)> on_state_;
    Permits window_;
    Ticket last_ticket_ = 0;
    std::map<Ticket, Sending*> sending_;
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);

    // Between the threads.
    std::mutex mutex_;
    std::vector<Order> orders_;

    // The link's.
    ThreadClock clock_;
    bool blocked_ = false;
    bool damaged_ = false; ///< A queue or a binding is gone: something came back.
    std::deque<Order> waiting_;
    Confirms confirms_;
    Monotonic progress_at_{}; ///< When something was last confirmed, or nothing was open.

    Link link_; ///< Last: its thread ends before anything that it uses.
};

} // namespace backline::rabbitmq
