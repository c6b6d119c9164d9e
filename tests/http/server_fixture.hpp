#pragma once

#include "adapters/asio_runtime/asio_runtime.hpp"
#include "platform/async/wait.hpp"
#include "platform/http/pages.hpp"
#include "platform/http/server.hpp"
#include "tests/http/fakes.hpp"
#include "tests/http/raw_client.hpp"
#include "tests/http/sample_shop.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <thread>

/// The sample shop behind a real server on a free port, its loop on a thread of its own.
namespace backline::http_tests {

class RunningServer final {
public:
    explicit RunningServer(http::ServerLimits limits) : limits_(limits) {
        router_.add(shop.routes());
        router_.add(pages_.routes());
        loop_ = std::thread([this] { runtime_.run(serve()); });
        port_ = listening_.get_future().get();
    }

    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    ~RunningServer() {
        stop();
        if (loop_.joinable()) loop_.join();
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// Begins the drain; returns at once.
    void stop() {
        runtime_.post_from_any_thread([this] { stop_.notify(); });
    }

    /// Waits until the drain is done.
    void join() { loop_.join(); }

    /// Runs `look` on the loop and hands back what it answers.
    template <class Look> auto on_loop(Look look) {
        std::promise<decltype(look())> answer;
        runtime_.post_from_any_thread([&] { answer.set_value(look()); });
        return answer.get_future().get();
    }

    std::size_t connections() {
        return on_loop([this] { return server_->connections(); });
    }

    sample::ItemHandlers shop; ///< Touch it through `on_loop` only.

private:
    Task<> serve() {
        const http::ServerSettings settings{.port = 0, .limits = limits_};
        server_ = std::make_unique<http::Server>(
            runtime_.context(), runtime_, router_, log_, metrics_, settings
        );
        listening_.set_value(server_->port());
        co_await stop_;
        pages_.start_draining();
        co_await server_->drain();
    }

    http::ServerLimits limits_;
    asio_runtime::AsioRuntime runtime_;
    FakeAuthenticator authenticator_;
    LinesLog log_;
    observe::Metrics metrics_;
    http::Router router_{runtime_, authenticator_, log_, metrics_, http::Router::Settings{}};
    http::Pages pages_{router_, http::ApiInfo{}};
    Signal stop_{runtime_};
    std::unique_ptr<http::Server> server_;
    std::promise<std::uint16_t> listening_;
    std::thread loop_;
    std::uint16_t port_ = 0;
};

/// Limits that break within a test's patience.
inline http::ServerLimits short_limits() {
    return {
        .head_for = Duration{60},
        .body_grace_for = Duration{60},
        .body_bytes_per_second = 100'000,
        .answer_for = Duration{60},
        .idle_for = Duration{60},
        .write_stall_for = Duration{60},
        .linger_for = Duration{200},
        .drain_for = Duration{2'000},
        .sweep_every = Duration{10}
    };
}

} // namespace backline::http_tests
