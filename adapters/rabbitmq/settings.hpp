#pragma once

#include "platform/base/secret.hpp"
#include "platform/base/time.hpp"
#include "platform/store/store.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace backline::rabbitmq {

/// Where the broker is, and who we are to it.
struct Endpoint {
    std::string host = "localhost";
    std::uint16_t port = 5672;
    std::string virtual_host = "/";
    std::string user = "guest";
    Secret<std::string> password{};
    /// Read at every connect, first line only, so that a password can be changed under a running process; then
    /// `password` is not used.
    std::string password_file{};
    /// Then the certificate is verified, always, and `host` against the names in it; the library compares no addresses.
    bool tls = false;
    std::string ca_file{}; ///< PEM; empty: the system's authorities.
};

/// `amqp://user:password@host:port/virtual_host`, or `amqps://`; parts may be left out and are percent-decoded. Throws
/// `std::invalid_argument` with a sentence that does not repeat the URL, which may hold a password.
[[nodiscard]] Endpoint parse_endpoint(const std::string& url);

/// The password to log in with now. Throws `Trouble` if its file cannot be read.
[[nodiscard]] std::string password_of(const Endpoint& endpoint);

struct Settings {
    Endpoint endpoint{};
    std::string prefix = "backline."; ///< Of every exchange and queue.
    /// Pauses after the first, second, ... failure; the last one repeats. Changing them makes new queues, and the old
    /// ones run dry by themselves.
    std::vector<Duration> retry_after{
        Duration{1'000}, Duration{10'000}, Duration{60'000}, Duration{600'000}
    };
    /// A queue that holds more refuses events, so that they wait in the outbox. Part of a queue's identity: it cannot
    /// be changed once the queue exists.
    std::int64_t queue_bytes_max = std::int64_t{1} << 30;
    std::size_t publish_window = 256; ///< Sent and not yet confirmed.
    std::size_t publish_waiting_max = 4'096;
    Duration publish_patience{5'000
    }; ///< How long an event waits for a broker that is away or blocked.
    Duration confirm_patience{30'000
    }; ///< After so long without a confirm the connection counts as dead.
    Duration starts_within{5'000}; ///< How long a start waits for the broker.
    Duration connects_within{3'000};
    /// One try of a handler; after that it counts as failed. Much less than the broker's `consumer_timeout`.
    Duration handles_within{30'000};
    Duration answers_within{15'000}; ///< A broker that is asked something and does not answer.
    /// Both sides say something at least so often; whoever hears nothing for twice as long counts as dead.
    std::chrono::seconds heartbeat{10};
    Duration reconnect_first{100};
    Duration reconnect_max{3'000};
    /// Told on the loop of each message that was given up, once it is safely parked. Must not throw.
    std::function<void(const store::Parked&)> on_parked{};
    /// Told on the loop in one sentence when the broker is lost or refuses us, once for each new reason; and with an
    /// empty one when it is back. Must not throw.
    std::function<void(const std::string&)> on_trouble{};
};

} // namespace backline::rabbitmq
