#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/task_group.hpp"
#include "platform/store/store.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What holds every adapter of the store port to its contract. An adapter's `<name>_test.cpp` in this folder gives a
/// `StoreSetup` and instantiates the suites: `StoreContract` (documents, pages, outbox, log) and, if its store is a
/// `ParkingLot` too, `ParkingContract`.
namespace backline::contract {

/// A process with a store on a disk of its own, empty at first.
class StoreSetup {
public:
    StoreSetup() = default;
    StoreSetup(const StoreSetup&) = delete;
    StoreSetup& operator=(const StoreSetup&) = delete;
    virtual ~StoreSetup() = default;

    virtual Runtime& runtime() = 0;
    virtual store::Store& store() = 0;

    /// Null where the store keeps no parked messages; the setup then instantiates no `ParkingContract`.
    virtual store::ParkingLot* lot() = 0;

    /// Drives the loop until the task has finished, and throws what it threw.
    virtual void run(Task<> task) = 0;

    /// The process dies and another starts on the same disk: what was handed out before is void, collections must be
    /// opened again, and only what was durable is there.
    virtual void restart() = 0;

    /// The store of one more process on the same disk, on the same loop, until `restart`. Asked only where the store
    /// is not exclusive.
    virtual store::Store& add_replica() = 0;
};

/// Null where the test has been skipped for want of a server (`test_server`).
using MakeStoreSetup = std::unique_ptr<StoreSetup> (*)();

namespace detail {

template <class T> Task<> keep(Task<T> task, std::optional<T>& value) {
    T made = co_await task;
    value.emplace(std::move(made));
}

} // namespace detail

/// A document of `things()`; every index is over these fields. Left out of the body where they hold nothing.
struct Thing {
    std::string id;
    store::Value email{};
    store::Value group{};
    store::Value rank{};
    std::string note{};
};

/// The positions of the indexes of `things()`.
inline constexpr std::size_t by_email = 0; ///< Unique: email.
inline constexpr std::size_t by_rank = 1;  ///< group, rank.
inline constexpr std::size_t by_slot = 2;  ///< Unique: group, rank, email.

[[nodiscard]] const store::CollectionSpec& things();
[[nodiscard]] const store::CollectionSpec& other_things(
); ///< The same indexes in another collection.

/// How much a commit carries beside the document.
struct Cargo {
    int events = 0;
    int entries = 0;
    std::string type = "backline.contract.happened.v1"; ///< Of the events.
};

/// The commit that makes `thing` of what is stored now (nothing: inserts it), under a new operation id.
[[nodiscard]] store::Commit commit_of(
    const store::CollectionSpec& spec,
    const Thing& thing,
    const std::optional<store::Stored>& now,
    const Cargo& cargo = {}
);

/// The fixture of all store suites: waits for each call, so that tests read like a list of calls.
class StoreFixture : public testing::TestWithParam<MakeStoreSetup> {
public:
    StoreFixture();

    void SetUp() override;

    template <class T> T run(Task<T> task) {
        std::optional<T> value;
        setup().run(detail::keep(std::move(task), value));
        return std::move(*value);
    }

    void run(Task<> task) { setup().run(std::move(task)); }

    StoreSetup& setup() { return *setup_; }

    store::Store& store() { return setup_->store(); }

    /// Restarts and opens the collections again.
    void restart();

    store::CommitResult commit(store::Commit commit) {
        return run(store().commit(std::move(commit)));
    }

    /// Commits on top of what is there and expects that to work.
    void put(const Thing& thing, const Cargo& cargo = {});

    std::optional<store::Stored> find(std::string id) {
        return run(store().find(things(), std::move(id)));
    }

    std::vector<std::string> ids_of_page(store::Query query);

    /// All pages of a query, one after the other.
    std::vector<std::string> walk(store::Query query);

    std::vector<store::Store::Pending> pending(std::string after = {}, std::size_t limit = 1'000) {
        return run(store().pending(std::move(after), limit));
    }

    std::vector<std::string> pending_ids();

    std::vector<store::LogEntry> log(std::string aggregate, std::int64_t after, std::size_t limit) {
        return run(store().log(things(), std::move(aggregate), after, limit));
    }

    /// Lets the loop turn until `holds` is true; false if it is not after three seconds of the loop's clock.
    bool eventually(const std::function<bool()>& holds);

private:
    std::unique_ptr<StoreSetup> setup_;
};

class StoreContract : public StoreFixture {};

class ParkingContract : public StoreFixture {};

/// A group that takes a failure for the test's failure.
[[nodiscard]] TaskGroup strict_group();

} // namespace backline::contract
