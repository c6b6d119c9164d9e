#pragma once

#include "adapters/asio_runtime/workers.hpp"
#include "adapters/mongo/mongo_store.hpp"
#include "adapters/mongo/session.hpp"
#include "tests/contract/real_loop.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

/// For this adapter's tests: what a process has around its stores, and databases of a test's own that it drops again.
namespace backline::mongo {

/// A lane with real threads beside a test's loop.
class TestLane final : public Runtime {
public:
    TestLane(contract::RealLoop& loop, std::size_t threads)
        : loop_(loop)
        , workers_("mongo", threads, 0) {}

    Now now() override { return loop_.now(); }

    std::uint64_t random() override { return loop_.random(); }

    void post(std::coroutine_handle<> handle) override { loop_.post(handle); }

    void post_at(Monotonic time, std::coroutine_handle<> handle) override {
        loop_.post_at(time, handle);
    }

    void offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) override {
        workers_.run([this, work = std::move(work), handle]() mutable {
            work();
            loop_.post_from_any_thread([handle] { handle.resume(); });
        });
    }

private:
    contract::RealLoop& loop_;
    asio_runtime::Workers workers_;
};

/// Settings for databases that no other test uses.
inline Settings test_settings(const std::string& url) {
    static int last = 0;
    Settings settings;
    settings.url = Secret<std::string>(url);
    settings.database_prefix = fmt::format("test{}_{}_", getpid(), ++last);
    settings.app_name = settings.database_prefix;
    settings.connections = 4;
    settings.gathers_for = Duration{0};
    settings.tidies_every = Duration{50};
    return settings;
}

/// Stores of one or several processes on one loop, on databases that go with it.
class TestProcess final {
public:
    TestProcess(Settings settings, std::string service)
        : settings_(std::move(settings))
        , service_(std::move(service)) {
        restart();
    }

    TestProcess(const TestProcess&) = delete;
    TestProcess& operator=(const TestProcess&) = delete;

    ~TestProcess() {
        drop();
        Server server(settings_);
        Bson command;
        command.number("dropDatabase", 1);
        try {
            Session(server).write(database(), command);
        } catch (const Failed&) {
            // The server is away, and has said so to the test itself.
        }
    }

    [[nodiscard]] std::string database() const { return settings_.database_prefix + service_; }

    [[nodiscard]] const Settings& settings() const { return settings_; }

    contract::RealLoop& loop() { return loop_; }

    MongoStore& store(std::size_t replica = 0) { return *stores_.at(replica); }

    MongoStore& add_store() { return add_store(settings_); }

    MongoStore& add_store(const Settings& settings) {
        return *stores_.emplace_back(std::make_unique<MongoStore>(loop_, *lane_, settings));
    }

    /// All processes die as by `kill -9`, and one starts.
    void restart() {
        drop();
        lane_ = std::make_unique<TestLane>(loop_, 2 * settings_.connections);
        add_store();
    }

    template <class T> T run(Task<T> task) {
        std::optional<T> value;
        loop_.run(keep(std::move(task), value));
        return std::move(*value);
    }

    void run(Task<> task) { loop_.run(std::move(task)); }

private:
    void drop() {
        stores_.clear();
        lane_.reset();
        loop_.forget();
    }

    template <class T> static Task<> keep(Task<T> task, std::optional<T>& value) {
        T made = co_await task;
        value.emplace(std::move(made));
    }

    Settings settings_;
    std::string service_;
    contract::RealLoop loop_;
    std::unique_ptr<TestLane> lane_;
    std::vector<std::unique_ptr<MongoStore>> stores_;
};

} // namespace backline::mongo
