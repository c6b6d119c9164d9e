#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/task.hpp"
#include "platform/base/time.hpp"
#include "platform/http/router.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace backline::http {

/// Everything that a peer may do, with its bound. Times are checked once per `sweep_every`, so they may be that much
/// longer.
struct ServerLimits {
    std::size_t head_bytes_max = 16U << 10U;
    std::size_t head_fields_max = 100;
    std::size_t target_bytes_max = 8U << 10U;
    Duration head_for{5'000};       ///< From a request's first byte to the end of its head.
    Duration body_grace_for{5'000}; ///< After this a body must have come at ...
    std::size_t body_bytes_per_second = 1024; ///< ... this rate on average.
    Duration answer_for{10'000};              ///< From the whole request to its answer; then 503.
    Duration idle_for{30'000};                ///< Between requests of one connection.
    Duration write_stall_for{10'000};         ///< Without the peer taking a byte.
    Duration linger_for{2'000};               ///< For a peer that is cut off to read why.
    Duration drain_for{10'000};               ///< For what is in flight when the server stops.
    std::size_t requests_per_connection_max = 1'000;
    std::size_t connections_max = 4'096;
    std::size_t connections_per_address_max = 64; ///< 0: no bound.
    bool bounds_loopback = false; ///< Whether that bound counts for local peers, too.
    std::size_t kept_answer_bytes_max = 64U << 20U;
    Duration sweep_every{1'000};
};

struct ServerSettings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080; ///< 0: any free one; see `port()`.
    ServerLimits limits{};
};

/// HTTP/1.1 on the loop thread: reads requests strictly, hands them to the router one by one per connection (pipelining
/// is fine), writes the answers. Whoever sends what cannot be read with certainty is told so once and cut off. Answers
/// marked as fresh are kept and served from memory before anything else is built.
///
/// Loop thread only. Destroy it after `drain`.
class Server final {
public:
    /// Listens from now on. Throws `std::runtime_error` with one clear sentence if the address is bad or taken.
    Server(
        boost::asio::io_context& loop,
        Runtime& runtime,
        Router& router,
        observe::Log& log,
        observe::Metrics& metrics,
        ServerSettings settings
    );
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    [[nodiscard]] std::uint16_t port() const;

    [[nodiscard]] std::size_t connections() const;

    /// Takes no more connections, closes the idle ones, lets requests in flight finish with `Connection: close`, and
    /// cuts what is left after `drain_for`. Returns when no connection and no handler is left. Once.
    Task<> drain();

private:
    class Listener;

    std::unique_ptr<Listener> listener_;
};

} // namespace backline::http
