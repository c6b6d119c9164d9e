#include "adapters/memory/memory_store.hpp"

#include "platform/async/wait.hpp"

namespace backline::memory {

MemoryStore::MemoryStore(Runtime& runtime, MemoryDisk& disk, bool exclusive)
    : runtime_(runtime)
    , disk_(disk)
    , exclusive_(exclusive) {}

Task<> MemoryStore::open(const store::CollectionSpec& collection) {
    co_await turn(runtime_);
    disk_.open(collection);
}

Task<std::optional<store::Stored>> MemoryStore::find(
    const store::CollectionSpec& collection, std::string id
) {
    co_await turn(runtime_);
    co_return disk_.find(collection, id);
}

Task<std::vector<store::Found>> MemoryStore::page(
    const store::CollectionSpec& collection, store::Query query
) {
    co_await turn(runtime_);
    co_return disk_.page(collection, query);
}

Task<std::vector<store::Stored>> MemoryStore::scan(
    const store::CollectionSpec& collection, std::string after, std::size_t limit
) {
    co_await turn(runtime_);
    co_return disk_.scan(collection, after, limit);
}

Task<store::CommitResult> MemoryStore::commit(store::Commit commit) {
    co_await turn(runtime_);
    store::CommitResult result = disk_.commit(commit);
    const bool committed = result.kind == store::CommitResult::Kind::committed;
    if (committed && listener_ && !commit.events.empty()) listener_(std::move(commit.events));
    co_return result;
}

Task<std::vector<store::LogEntry>> MemoryStore::log(
    const store::CollectionSpec& collection,
    std::string aggregate,
    std::int64_t after,
    std::size_t limit
) {
    co_await turn(runtime_);
    co_return disk_.log(collection, aggregate, after, limit);
}

Task<std::vector<store::Store::Pending>> MemoryStore::pending(
    std::string after, std::size_t limit
) {
    co_await turn(runtime_);
    co_return disk_.pending(after, limit);
}

Task<> MemoryStore::note_attempts(std::string event_id, std::string subscriber, int attempts) {
    co_await turn(runtime_);
    disk_.note_attempts(event_id, subscriber, attempts);
}

Task<int> MemoryStore::attempts(std::string event_id, std::string subscriber) {
    co_await turn(runtime_);
    co_return disk_.attempts(event_id, subscriber);
}

Task<> MemoryStore::park(store::Parked parked) {
    co_await turn(runtime_);
    disk_.park(std::move(parked));
}

Task<std::vector<store::Parked>> MemoryStore::parked(std::size_t limit) {
    co_await turn(runtime_);
    co_return disk_.parked(limit);
}

Task<> MemoryStore::unpark(std::string event_id, std::string subscriber) {
    co_await turn(runtime_);
    disk_.unpark(event_id, subscriber);
}

} // namespace backline::memory
