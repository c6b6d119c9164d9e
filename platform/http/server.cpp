#include "platform/http/server.hpp"

#include "platform/async/task_group.hpp"
#include "platform/http/connection.hpp"
#include "platform/http/response_text.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <list>
#include <map>
#include <stdexcept>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace backline::http {

namespace {

using ErrorCode = boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;

std::string why(const ErrorCode& failed, const ServerSettings& settings) {
    if (failed == asio::error::address_in_use) {
        return "another program has that port; stop it, or choose another one";
    }
    if (failed == asio::error::access_denied) {
        return "ports below 1024 need a privilege; choose another one";
    }
    if (failed == boost::system::errc::address_not_available) {
        return "this machine has no address " + settings.address;
    }
    return failed.message();
}

[[noreturn]] void cannot_listen(const ServerSettings& settings, const std::string& reason) {
    throw std::runtime_error(
        fmt::format("Cannot listen on {} port {}: {}.", settings.address, settings.port, reason)
    );
}

Acceptor open_acceptor(asio::io_context& loop, const ServerSettings& settings) {
    ErrorCode failed;
    const asio::ip::address address = asio::ip::make_address(settings.address, failed);
    if (failed) cannot_listen(settings, "'" + settings.address + "' is no IP address");
    const tcp::endpoint endpoint(address, settings.port);
    Acceptor acceptor(loop.get_executor());
    try {
        acceptor.open(endpoint.protocol());
        acceptor.set_option(Acceptor::reuse_address(true));
        acceptor.bind(endpoint);
        acceptor.listen(asio::socket_base::max_listen_connections);
    } catch (const boost::system::system_error& refused) {
        cannot_listen(settings, why(refused.code(), settings));
    }
    return acceptor;
}

/// `co_await`: the next connection; an error when there is none, or none any more.
struct Accept {
    Acceptor& acceptor;
    Socket& socket;
    ErrorCode failed{};

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> handle) {
        acceptor.async_accept(socket, [this, handle](const ErrorCode& error) {
            failed = error;
            handle.resume();
        });
    }

    ErrorCode await_resume() const noexcept { return failed; }
};

/// `co_await`: true when the time has come, false when the timer was cancelled.
struct Tick {
    asio::steady_timer& timer;
    bool rang = false;

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> handle) {
        timer.async_wait([this, handle](const ErrorCode& failed) {
            rang = !failed;
            handle.resume();
        });
    }

    bool await_resume() const noexcept { return rang; }
};

} // namespace

class Server::Listener final {
public:
    Listener(
        asio::io_context& loop,
        Runtime& runtime,
        Router& router,
        observe::Log& log,
        observe::Metrics& metrics,
        const ServerSettings& settings
    )
        : runtime_(runtime)
        , log_(log)
        , acceptor_(open_acceptor(loop, settings))
        , loop_(loop)
        , pause_(loop)
        , sweep_timer_(loop)
        , shared_{router, settings.limits, AnswerCache(settings.limits.kept_answer_bytes_max)}
        , open_(metrics.gauge(
              "backline_http_connections", "Open connections.", {{"listener", name(settings)}}
          ))
        , kept_(metrics.counter(
              "backline_http_kept_answers_total",
              "Answers from memory.",
              {{"listener", name(settings)}}
          ))
        , housekeeping_([this](const std::exception_ptr& thrown) { report(thrown); })
        , serving_([this](const std::exception_ptr& thrown) { report(thrown); }) {
        look_at_clock();
        housekeeping_.spawn(accept_all());
        housekeeping_.spawn(sweep_all());
    }

    std::uint16_t port() const { return port_; }

    std::size_t connections() const { return connections_.size(); }

    Task<> drain() {
        look_at_clock();
        shared_.draining = true;
        drain_until_ = shared_.now + shared_.limits.drain_for;
        ErrorCode ignored;
        std::ignore = acceptor_.close(ignored);
        pause_.cancel();
        for (Connection* connection : connections_) connection->start_draining();
        co_await serving_.join();
        stopped_ = true;
        sweep_timer_.cancel();
        co_await housekeeping_.join();
    }

private:
    static std::string name(const ServerSettings& settings) {
        return fmt::format("{}:{}", settings.address, settings.port);
    }

    Task<> accept_all() {
        while (!shared_.draining) {
            Socket socket(loop_.get_executor());
            const ErrorCode failed = co_await Accept{acceptor_, socket};
            if (!failed) {
                admit(std::move(socket));
            } else if (!shared_.draining) {
                // Out of file descriptors, most likely: to try again at once would only burn the processor.
                log_.warning("accept_failed", {{"cause", failed.message()}});
                pause_.expires_after(std::chrono::milliseconds(100));
                const bool rang = co_await Tick{pause_};
                if (!rang) co_return;
            }
        }
    }

    void admit(Socket socket) {
        ErrorCode failed;
        const tcp::endpoint peer = socket.remote_endpoint(failed);
        if (failed || connections_.size() >= shared_.limits.connections_max) return;
        std::string remote = peer.address().to_string();
        const bool bounded = shared_.limits.connections_per_address_max > 0 &&
                             (shared_.limits.bounds_loopback || !peer.address().is_loopback());
        if (bounded && per_address_[remote] >= shared_.limits.connections_per_address_max) return;
        ++per_address_[remote];
        serving_.spawn(serve(*this, std::move(socket), std::move(remote)));
    }

    /// Knows the connection while it lives.
    struct Registered {
        Listener& listener;
        std::list<Connection*>::iterator place;
        std::string remote;

        Registered(Listener& owner, Connection& connection)
            : listener(owner)
            , place(owner.connections_.insert(owner.connections_.end(), &connection))
            , remote(connection.remote()) {}

        Registered(const Registered&) = delete;
        Registered& operator=(const Registered&) = delete;

        ~Registered() {
            listener.connections_.erase(place);
            if (--listener.per_address_[remote] == 0) listener.per_address_.erase(remote);
        }
    };

    static Task<> serve(Listener& listener, Socket socket, std::string remote) {
        Connection connection(listener.shared_, std::move(socket), std::move(remote));
        const Registered registered(listener, connection);
        co_await connection.run();
    }

    Task<> sweep_all() {
        while (!stopped_) {
            sweep_timer_.expires_after(shared_.limits.sweep_every);
            co_await Tick{sweep_timer_};
            look_at_clock();
            for (Connection* connection : connections_) connection->sweep();
            if (shared_.draining && shared_.now > drain_until_) {
                for (Connection* connection : connections_) connection->cut();
            }
            open_.set(static_cast<double>(connections_.size()));
            kept_.add(static_cast<double>(std::exchange(shared_.kept_answers, 0)));
            log_.flush();
        }
    }

    void look_at_clock() {
        const Now now = runtime_.now();
        shared_.now = now.monotonic;
        shared_.date = http_date(now.utc);
    }

    void report(const std::exception_ptr& thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& bug) {
            log_.error("connection_failed", {{"cause", bug.what()}});
        }
    }

    Runtime& runtime_;
    observe::Log& log_;
    Acceptor acceptor_;
    asio::io_context& loop_;
    asio::steady_timer pause_;
    asio::steady_timer sweep_timer_;
    std::uint16_t port_ = acceptor_.local_endpoint().port();
    ServerShared shared_;
    observe::Gauge open_;
    observe::Counter kept_;
    std::list<Connection*> connections_;
    std::map<std::string, std::size_t> per_address_;
    Monotonic drain_until_;
    bool stopped_ = false;
    TaskGroup housekeeping_;
    TaskGroup serving_;
};

Server::Server(
    asio::io_context& loop,
    Runtime& runtime,
    Router& router,
    observe::Log& log,
    observe::Metrics& metrics,
    ServerSettings settings
)
    : listener_(std::make_unique<Listener>(loop, runtime, router, log, metrics, settings)) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
    return listener_->port();
}

std::size_t Server::connections() const {
    return listener_->connections();
}

Task<> Server::drain() {
    return listener_->drain();
}

} // namespace backline::http
