#pragma once

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/fault_vfs.hpp"
#include "adapters/sqlite/page_guard.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/sqlite/test_loop.hpp"
#include "platform/base/problem.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace backline::sqlite {

/// For this adapter's tests: a store on a directory and a file layer of its own, not started yet, with one collection
/// that has a unique and an ordinary index.
class StoreFixture {
protected:
    StoreFixture() {
        settings_.directory = directory_.path();
        settings_.vfs = faults_.name();
    }

    /// Opens the store, as a process does when it starts.
    void start() {
        store_ = std::make_unique<SqliteStore>(loop_, settings_, [this](const std::string& reason) {
            fatal_ = reason;
        });
        loop_.run(store_->open(things));
    }

    void stop() { store_.reset(); }

    void restart() {
        stop();
        start();
    }

    /// The commit that makes version `version` of a document: its name is unique, its group is not.
    static store::Commit commit_of(
        const std::string& id, std::int64_t version, const std::string& body = "{}", int events = 0
    ) {
        store::Commit commit{
            .collection = &things,
            .document = {.id = id, .version = version, .body = body},
            .base_version = version - 1,
            .keys = {{id}, {std::int64_t{1}}},
            .operation = id + "/" + std::to_string(version),
        };
        for (int event = 1; event <= events; ++event) {
            commit.events.push_back(event_of(id, (version - 1) * events + event));
        }
        return commit;
    }

    static store::EventRecord event_of(const std::string& id, std::int64_t sequence) {
        return store::EventRecord{
            .id = "shop.things/" + id + "/" + std::to_string(sequence),
            .source = "shop",
            .type = "backline.shop.thing_changed.v1",
            .subject = id,
            .sequence = sequence,
            .data = "{}",
        };
    }

    store::CommitResult commit(store::Commit commit) {
        return loop_.run(store_->commit(std::move(commit)));
    }

    std::optional<store::Stored> find(const std::string& id) {
        return loop_.run(store_->find(things, id));
    }

    std::vector<std::string> pending() {
        const std::vector<store::Store::Pending> rows = loop_.run(store_->pending("", 1000));
        std::vector<std::string> ids;
        for (const store::Store::Pending& row : rows) ids.push_back(row.event.id);
        return ids;
    }

    /// What another connection finds in the file; the store must be stopped.
    std::int64_t number_in_file(const std::string& sql) {
        const PageGuard guard("");
        return Connection(directory_.database().string(), Connection::Mode::write, guard)
            .number(sql);
    }

    void run_in_file(const std::string& sql) {
        const PageGuard guard("");
        Connection(directory_.database().string(), Connection::Mode::write, guard).run(sql.c_str());
    }

    static const inline store::CollectionSpec things{
        .service = "shop",
        .name = "things",
        .indexes =
            {{.name = "name", .fields = {"name"}, .unique = true},
             {.name = "group", .fields = {"group"}}},
    };

    TestDirectory directory_;
    FaultVfs faults_;
    TestLoop loop_;
    Settings settings_;
    std::string fatal_;
    std::unique_ptr<SqliteStore> store_;
};

/// The `Unavailable` that a task ends with.
inline Unavailable::Outcome outcome_of(TestLoop& loop, Task<> task) {
    try {
        loop.run(std::move(task));
    } catch (const Unavailable& failure) {
        return failure.outcome();
    }
    throw std::logic_error("the call was expected to fail");
}

} // namespace backline::sqlite
