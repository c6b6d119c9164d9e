#pragma once

#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/redis/connection.hpp"
#include "tests/contract/test_server.hpp"

#include <string>

/// What contracts over a real Redis server stand on.
namespace backline::contract {

/// A connection to a shared server, in real time, under a prefix of its own, which it leaves empty.
class RedisBench final {
public:
    /// Waits until the server answers.
    explicit RedisBench(const std::string& url);
    RedisBench(const RedisBench&) = delete;
    RedisBench& operator=(const RedisBench&) = delete;
    ~RedisBench();

    Runtime& runtime() { return runtime_; }

    redis::Connection& connection() { return connection_; }

    void run(Task<> task) { runtime_.run(std::move(task)); }

private:
    Task<> wait_for_server();
    Task<> remove_all();

    asio_runtime::AsioRuntime runtime_;
    redis::Connection connection_;
};

} // namespace backline::contract
