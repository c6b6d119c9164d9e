#pragma once

#include "adapters/rabbitmq/link.hpp"
#include "platform/async/loop_poster.hpp"
#include "platform/async/runtime.hpp"

#include <coroutine>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace backline::rabbitmq {

/// One queue to take messages from. An exclusive one is declared first, under a name that is new with each connection.
struct Listening {
    Queue queue;
    std::size_t prefetch = 0; ///< So many come by themselves; none: they are asked for one by one.
};

/// A message in our hands until it is acked, or until its connection ends.
struct Delivery {
    std::size_t listening = 0; ///< Position of its queue.
    std::uint64_t session = 0; ///< The connection that it came by.
    std::uint64_t tag = 0;
    Message message{};
};

/// Takes messages out of queues. Which ones, and what becomes of them, the loop decides; here is only the connection.
/// It declares the queues again with each one, since the last may have been lost because a queue was deleted. Public
/// methods are the loop's.
class Consumer final : private Link::Side {
public:
    /// Called on the loop.
    struct Listener {
        std::function<void()> on_session{}; ///< Before the first delivery of each connection.
        std::function<void(Delivery)> on_delivery{};
        std::function<void(const std::string&)> on_lost{};
    };

    Consumer(
        Runtime& runtime,
        LoopPoster& poster,
        const Settings& settings,
        std::string exchange,
        std::vector<Queue> queues,
        std::vector<Listening> listening,
        Listener listener
    );

    void start() { link_.start(); }

    /// False if the connection of this delivery is known to be gone: then its copy comes again by another.
    [[nodiscard]] bool holds(const Delivery& delivery) const {
        return delivery.session == session_;
    }

    /// One message of a queue that is listened to with a prefetch of none, if there is one and the broker can be asked.
    /// One at a time.
    Task<std::optional<Delivery>> get(std::size_t listening);

    /// Dropped if the connection is gone.
    void ack(const Delivery& delivery);

    /// No new deliveries from now on. Acks go on.
    void cancel();

    void stop(bool politely) { link_.stop(politely); }

private:
    struct Ack {
        std::uint64_t session;
        std::uint64_t tag;
    };

    /// The coroutine in `get`.
    struct Getting {
        Consumer& consumer;
        std::size_t listening;
        std::optional<Delivery> got{};
        std::coroutine_handle<> handle{};

        bool await_ready() const noexcept { return false; }

        void await_suspend(std::coroutine_handle<> awaiting);

        void await_resume() const noexcept {}
    };

    void got(std::optional<Delivery> delivery);

    void connected(Connection& connection) override;
    void arrived(Connection& connection, Incoming incoming) override;
    void work(Connection* connection) override;
    void lost(const std::string& why) override;
    void take_over();
    void cancel_consumers(Connection& connection);
    void answer(std::optional<Delivery> delivery);
    void post(std::function<void()> work);

    // The loop's.
    LoopPoster& poster_;
    const std::string exchange_;
    const std::vector<Queue> queues_;
    const std::vector<Listening> listening_;
    const Listener listener_;
    const std::string unique_;
    std::uint64_t session_ = 0;
    Getting* getting_ = nullptr;
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);

    // Between the threads.
    std::mutex mutex_;
    std::vector<Ack> new_acks_;
    std::optional<std::size_t> new_wish_; ///< Where to get a message from.
    bool cancelling_ = false;

    // The link's.
    std::uint64_t sessions_ = 0;
    bool cancelled_ = false;
    std::vector<Ack> acks_;
    std::optional<std::size_t> wish_;
    std::optional<std::size_t> asked_; ///< An answer is on its way.

    Link link_; ///< Last: its thread ends before anything that it uses.
};

} // namespace backline::rabbitmq
