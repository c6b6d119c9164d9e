#pragma once

#include "adapters/memory/memory_disk.hpp"
#include "platform/async/runtime.hpp"
#include "platform/store/store.hpp"

namespace backline::memory {

/// The store port over a `MemoryDisk`, for tests and the simulator. Answers on the next turn of the loop, as a real
/// store would: never on the caller's stack. The disk is shared by any number of stores, as a database is by replicas.
class MemoryStore final : public store::Store, public store::ParkingLot {
public:
    /// `exclusive` false: behave as one of several replicas on the disk.
    MemoryStore(Runtime& runtime, MemoryDisk& disk, bool exclusive = true);

    Task<> open(const store::CollectionSpec& collection) override;
    Task<std::optional<store::Stored>> find(const store::CollectionSpec& collection, std::string id)
        override;
    Task<std::vector<store::Found>> page(
        const store::CollectionSpec& collection, store::Query query
    ) override;
    Task<std::vector<store::Stored>> scan(
        const store::CollectionSpec& collection, std::string after, std::size_t limit
    ) override;
    Task<store::CommitResult> commit(store::Commit commit) override;
    Task<std::vector<store::LogEntry>> log(
        const store::CollectionSpec& collection,
        std::string aggregate,
        std::int64_t after,
        std::size_t limit
    ) override;

    [[nodiscard]] bool exclusive() const override { return exclusive_; }

    void on_committed(Committed listener) override { listener_ = std::move(listener); }

    Task<std::vector<Pending>> pending(std::string after, std::size_t limit) override;

    void settle(std::vector<std::string> event_ids) override { disk_.settle(event_ids); }

    [[nodiscard]] std::size_t backlog() const override { return disk_.backlog(); }

    Task<> note_attempts(std::string event_id, std::string subscriber, int attempts) override;
    Task<int> attempts(std::string event_id, std::string subscriber) override;
    Task<> park(store::Parked parked) override;
    Task<std::vector<store::Parked>> parked(std::size_t limit) override;
    Task<> unpark(std::string event_id, std::string subscriber) override;

private:
    Runtime& runtime_;
    MemoryDisk& disk_;
    bool exclusive_;
    Committed listener_;
};

} // namespace backline::memory
