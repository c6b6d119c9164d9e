#pragma once

#include "adapters/memory/memory_store.hpp"
#include "tests/simulation/faults.hpp"

namespace backline::simulation {

/// A store with bad luck: slow, now and then refusing, and sometimes losing the reply to a commit that took place. Once
/// sealed (its process is dead) it does nothing at all any more.
class FaultyStore final : public store::Store {
public:
    FaultyStore(Runtime& runtime, memory::MemoryDisk& disk, Fate& fate);

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

    [[nodiscard]] bool exclusive() const override { return inner_.exclusive(); }

    void on_committed(Committed listener) override { inner_.on_committed(std::move(listener)); }

    Task<std::vector<Pending>> pending(std::string after, std::size_t limit) override;
    void settle(std::vector<std::string> event_ids) override;

    [[nodiscard]] std::size_t backlog() const override { return inner_.backlog(); }

    void seal() { sealed_ = true; }

private:
    Task<> trouble();
    Task<> trouble_with(std::string document);

    Runtime& runtime_;
    memory::MemoryStore inner_;
    Fate& fate_;
    bool sealed_ = false;
};

} // namespace backline::simulation
