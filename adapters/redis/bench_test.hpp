#pragma once

#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/redis/connection.hpp"
#include "adapters/redis/redis_server_test.hpp"
#include "platform/async/wait.hpp"
#include "tests/contract/test_server.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace backline::redis {

/// A connection to a server, in real time. `run` turns the loop until the task has finished.
class Bench {
public:
    Bench() = default;
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    ~Bench() {
        if (connection_) run(connection_->stop());
    }

    /// Connects, and waits until commands are answered.
    void connect(Settings settings) {
        begin(std::move(settings));
        EXPECT_TRUE(eventually([this] { return connection_->up(); }));
    }

    /// Begins to connect.
    void begin(Settings settings) {
        if (connection_) run(connection_->stop());
        settings.on_change = [this](const std::string& why) { told.push_back(why); };
        connection_ = std::make_unique<Connection>(runtime.context(), runtime, settings);
        connection_->start();
    }

    Connection& connection() { return *connection_; }

    void run(Task<> task) { runtime.run(std::move(task)); }

    template <class T> T run(Task<T> task) {
        std::optional<T> value;
        run(keep(std::move(task), value));
        return std::move(*value);
    }

    std::optional<Reply> call(Command command) {
        return run(connection_->call(std::move(command)));
    }

    /// Polls, with patience of ten seconds.
    bool eventually(const std::function<bool()>& holds) {
        bool held = false;
        run(poll(holds, held));
        return held;
    }

    void wait(Duration duration) { run(sleep(duration)); }

    [[nodiscard]] Duration clock() { return runtime.now().monotonic.since_start; }

    asio_runtime::AsioRuntime runtime;
    std::vector<std::string> told; ///< Of the server's coming and going.

private:
    template <class T> static Task<> keep(Task<T> task, std::optional<T>& value) {
        T result = co_await task;
        value.emplace(std::move(result));
    }

    Task<> poll(const std::function<bool()>& holds, bool& held) {
        const Monotonic until = runtime.now().monotonic + std::chrono::seconds{10};
        while (true) {
            held = holds();
            if (held || runtime.now().monotonic > until) co_return;
            co_await sleep_for(runtime, Duration{1});
        }
    }

    Task<> sleep(Duration duration) { co_await sleep_for(runtime, duration); }

    std::unique_ptr<Connection> connection_;
};

/// A test with a Redis server of its own.
class RedisTest : public testing::Test {
protected:
    /// Skips the test, or fails it, where there are no servers.
    void SetUp() override {
        if (!contract::test_server("BACKLINE_TEST_REDIS_URL")) return;
        if (RedisServer::installed()) {
            start_server({});
        } else {
            contract::leave_out("redis-server");
        }
    }

    void start_server(std::vector<std::string> options) {
        server = std::make_unique<RedisServer>(std::move(options));
    }

    /// As the shop's: for tests of what happens when there is no answer in time.
    [[nodiscard]] Settings impatient() const {
        Settings settings;
        settings.port = server->port();
        return settings;
    }

    /// For all others, on a machine that may be busy.
    [[nodiscard]] Settings settings() const {
        Settings settings = impatient();
        settings.answers_within = settings.connects_within = std::chrono::seconds{5};
        return settings;
    }

    std::unique_ptr<RedisServer> server;
    Bench bench;
};

} // namespace backline::redis
