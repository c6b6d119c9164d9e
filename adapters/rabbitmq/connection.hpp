#pragma once

#include "adapters/rabbitmq/message.hpp"
#include "adapters/rabbitmq/settings.hpp"
#include "adapters/rabbitmq/topology.hpp"
#include "adapters/rabbitmq/trouble.hpp"

#include <amqp.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace backline::rabbitmq {

/// A message on its way to the broker. An empty exchange leads to the queue that `key` names.
struct Outgoing {
    std::string exchange{};
    std::string key{};
    bool mandatory = true; ///< Hand it back if no queue takes it.
    Message message{};
};

// What comes in from the broker.

struct Delivered {
    std::string consumer; ///< Empty: it was asked for.
    std::uint64_t tag = 0;
    Message message{};
};

/// What answers `ask_for` when the queue is empty.
struct Empty {};

struct Returned {
    std::string exchange;
    std::string key;
    Message message{};
};

struct Confirmed {
    std::uint64_t number = 0;
    bool multiple = false;
    bool positive = true;
};

/// The broker is short of memory or disk and reads nothing more from connections that publish.
struct Blocked {
    bool blocked = true;
};

using Incoming = std::variant<Delivered, Empty, Returned, Confirmed, Blocked>;

/// One connection with one channel, made and logged in by the constructor. Every method throws `Trouble`, after which
/// the connection is good for nothing but destruction. Methods that ask wait for the answer, `answers_within` at most;
/// what else comes in meanwhile is kept for `receive`. One thread at a time.
class Connection final {
public:
    /// `name` is what an operator sees in the broker's list.
    Connection(const Settings& settings, const std::string& name);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Without a word, as if the process had died.
    ~Connection();

    // --- ask ----------------------------------------------------------------------------------------------------

    void declare_exchange(const std::string& name);

    /// With its bindings; what is there already stays as it is.
    void declare(const Queue& queue, const std::string& exchange);

    /// The exchange and all of these.
    void declare_all(const std::vector<Queue>& queues, const std::string& exchange);
    void confirm_publishes();
    void consume(const std::string& queue, const std::string& consumer, std::size_t prefetch);
    [[nodiscard]] std::int64_t messages_ready(const std::string& queue);

    /// The next message of a queue, or nothing.
    [[nodiscard]] std::optional<Delivered> get(const std::string& queue);

    /// Says goodbye, within a second.
    void close() noexcept;

    // --- tell ---------------------------------------------------------------------------------------------------

    void publish(const Outgoing& outgoing);
    void ack(std::uint64_t tag);

    /// For one message of this queue; it or `Empty` comes in later.
    void ask_for(const std::string& queue);

    /// Back to its queue, with all that was given out before it.
    void give_back_until(std::uint64_t tag);
    void give_back(std::uint64_t tag);
    void cancel(const std::string& consumer);

    // --- hear ---------------------------------------------------------------------------------------------------

    /// What has arrived, or nothing yet. Also keeps the heartbeat, so it is to be called every few seconds. A broker
    /// that closes the channel or the connection, or ends a consumer, is a `Trouble`.
    [[nodiscard]] std::optional<Incoming> receive();

    /// To wait on, after `receive` had nothing more.
    [[nodiscard]] int socket() const;

private:
    /// A message of which the head has arrived.
    struct Partial {
        Incoming what;
        Message message{};
        std::uint64_t missing = 0; ///< Bytes of the body.
        bool header_seen = false;
    };

    struct Free {
        void operator()(amqp_connection_state_t state) const { amqp_destroy_connection(state); }
    };

    void open_socket(const Settings& settings);
    void log_in(const Settings& settings, const std::string& name);
    std::optional<Incoming> take(const amqp_frame_t& frame);
    std::optional<Incoming> take_method(const amqp_method_t& method);
    std::optional<Incoming> take_header(const amqp_frame_t& frame);
    std::optional<Incoming> take_body(const amqp_frame_t& frame);
    std::optional<Incoming> complete();
    void answered(const std::string& doing);
    static void sent(int status, const char* doing);

    std::unique_ptr<amqp_connection_state_t_, Free> state_;
    std::optional<Partial> partial_;
};

} // namespace backline::rabbitmq
