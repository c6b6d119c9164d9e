#include "tests/contract/redis_bench.hpp"

#include "platform/async/wait.hpp"
#include "platform/base/invariant.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace backline::contract {

namespace {

redis::Settings settings_of(const std::string& url) {
    static int benches = 0;
    std::optional<redis::Settings> settings = redis::settings_of(url);
    INVARIANT(settings.has_value(), "the test server's address is one of a Redis server");
    settings->prefix = "test:" + std::to_string(getpid()) + ":" + std::to_string(benches++) + ":";
    // The tests are about what is kept, not about how soon; the machine is busy.
    settings->connects_within = std::chrono::seconds{5};
    settings->answers_within = std::chrono::seconds{5};
    if (settings->tls) settings->ca_file = test_server("BACKLINE_TEST_TLS_CA").value_or("");
    return *settings;
}

} // namespace

RedisBench::RedisBench(const std::string& url)
    : connection_(runtime_.context(), runtime_, settings_of(url)) {
    connection_.start();
    run(wait_for_server());
}

RedisBench::~RedisBench() {
    run(remove_all());
}

Task<> RedisBench::wait_for_server() {
    const Monotonic until = runtime_.now().monotonic + std::chrono::seconds{10};
    while (!connection_.up() && runtime_.now().monotonic < until) {
        co_await sleep_for(runtime_, Duration{1});
    }
    EXPECT_TRUE(connection_.up());
}

Task<> RedisBench::remove_all() {
    redis::Command list{"KEYS", connection_.prefix() + "*"};
    const std::optional<redis::Reply> keys = co_await connection_.call(std::move(list));
    redis::Command remove{"DEL"};
    if (keys) {
        for (const redis::Reply& key : keys->items) remove.push_back(key.text);
    }
    if (remove.size() > 1) co_await connection_.call(std::move(remove));
    co_await connection_.stop();
}

} // namespace backline::contract
