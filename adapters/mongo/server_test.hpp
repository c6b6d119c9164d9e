#pragma once

#include "adapters/mongo/process_test.hpp"
#include "platform/async/wait.hpp"
#include "platform/base/problem.hpp"
#include "tests/contract/store_contract.hpp"
#include "tests/contract/test_server.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// For this adapter's tests against a real server.
namespace backline::mongo {

using contract::Cargo;
using contract::commit_of;
using contract::Thing;
using contract::things;

/// Makes the server fail the next commands of one process's stores (`failCommand`), until it goes. A server has one
/// such fail point, so only one test at a time has it.
class FailPoint final {
public:
    using Commands = std::vector<const char*>;

    /// `data` says how; `times` is how often, all commands together.
    FailPoint(const Settings& settings, const Commands& commands, std::int64_t times, Bson data)
        : server_(admin(settings)) {
        List names;
        for (const char* command : commands) names.text(command);
        data.list("failCommands", names).text("appName", settings.app_name);
        Bson mode;
        mode.number("times", times);
        Bson configure;
        configure.text("configureFailPoint", "failCommand")
            .document("mode", mode)
            .document("data", data);
        Session(server_).command("admin", configure);
    }

    FailPoint(const Settings& settings, const char* command, std::int64_t times, Bson data)
        : FailPoint(settings, Commands{command}, times, std::move(data)) {}

    FailPoint(const FailPoint&) = delete;
    FailPoint& operator=(const FailPoint&) = delete;

    ~FailPoint() {
        Bson configure;
        configure.text("configureFailPoint", "failCommand").text("mode", "off");
        Session(server_).command("admin", configure);
    }

private:
    class Turn {
    public:
        Turn() : file_(open(path().c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)) {
            flock(file_, LOCK_EX);
        }

        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        ~Turn() { close(file_); }

    private:
        static std::string path() {
            return (std::filesystem::temp_directory_path() / "backline-fail-point").string();
        }

        int file_;
    };

    static Settings admin(Settings settings) {
        settings.app_name = "admin";
        settings.answers_within =
            Settings{}.answers_within; // Ending a fail point waits for whom it holds up.
        return settings;
    }

    Turn turn_;
    Server server_;
};

// Of the server's error codes.
constexpr std::int64_t unauthorized = 13;
constexpr std::int64_t not_writable_primary = 10107;

/// For `FailPoint`: the command is not run, and answers this.
inline Bson error(std::int64_t code) {
    Bson data;
    data.number("errorCode", code);
    return data;
}

/// The command is not run, and nobody is told.
inline Bson closed_connection() {
    Bson data;
    data.flag("closeConnection", true);
    return data;
}

/// A replica set and one process with an opened collection.
class ServerFixture : public testing::Test {
protected:
    void SetUp() override {
        const std::optional<std::string> url = contract::test_server("BACKLINE_TEST_MONGO_URL");
        if (!url) return;
        settings_ = test_settings(*url);
        adjust(settings_);
        process_.emplace(settings_, things().service);
        process_->run(store().open(things()));
    }

    virtual void adjust(Settings& /*settings*/) {}

    TestProcess& process() { return *process_; }

    MongoStore& store() { return process_->store(); }

    [[nodiscard]] const Settings& settings() const { return settings_; }

    std::optional<store::Stored> find(const std::string& id) {
        return process_->run(store().find(things(), id));
    }

    /// How a commit ended: `committed`, `conflict`, `duplicate by_email`, `not_done` or `unknown`.
    std::string commit(store::Commit commit) {
        try {
            const auto done = process_->run(store().commit(std::move(commit)));
            if (done.kind == store::CommitResult::Kind::committed) return "committed";
            if (done.kind == store::CommitResult::Kind::conflict) return "conflict";
            return "duplicate " + done.index;
        } catch (const Unavailable& away) {
            return away.outcome() == Unavailable::Outcome::unknown ? "unknown" : "not_done";
        }
    }

    /// On top of what is there.
    std::string put(const Thing& thing, const Cargo& cargo = {}) {
        return commit(commit_of(things(), thing, find(thing.id), cargo));
    }

    std::vector<std::string> pending_ids() {
        std::vector<std::string> ids;
        const auto pending = process_->run(store().pending("", 1'000));
        for (const store::Store::Pending& one : pending) ids.push_back(one.event.id);
        return ids;
    }

    bool eventually(const std::function<bool()>& holds) {
        return process_->run(poll(process_->loop(), holds));
    }

    /// What another program finds on the server.
    Bson ask(const Bson& command) {
        return Session(other_program()).command(process_->database(), command);
    }

    Server& other_program() {
        if (!other_program_) other_program_.emplace(settings_);
        return *other_program_;
    }

private:
    static Task<bool> poll(Runtime& runtime, const std::function<bool()>& holds) {
        const Monotonic until = runtime.now().monotonic + std::chrono::seconds{5};
        while (!holds()) {
            if (runtime.now().monotonic > until) co_return false;
            co_await sleep_for(runtime, Duration{5});
        }
        co_return true;
    }

    Settings settings_;
    std::optional<TestProcess> process_;
    std::optional<Server> other_program_;
};

} // namespace backline::mongo
