#include "tests/simulation/faulty_store.hpp"

#include "platform/async/wait.hpp"
#include "platform/base/problem.hpp"

namespace backline::simulation {

FaultyStore::FaultyStore(Runtime& runtime, memory::MemoryDisk& disk, Fate& fate)
    : runtime_(runtime)
    , inner_(runtime, disk, fate.faults().exclusive_store)
    , fate_(fate) {}

/// What may go wrong before anything was done.
Task<> FaultyStore::trouble() {
    co_await sleep_for(runtime_, fate_.between(0, 3));
    if (fate_.strikes(&Faults::store_slow)) {
        co_await sleep_for(runtime_, fate_.between(100, 3'000));
    }
    if (fate_.strikes(&Faults::store_refused)) {
        throw Unavailable(Unavailable::Outcome::not_done, "simulated: the store is away");
    }
}

/// The same on the way to a commit.
Task<> FaultyStore::trouble_with(std::string document) {
    try {
        co_await trouble();
    } catch (const Unavailable&) {
        fate_.fail_commit(document);
        throw;
    }
}

Task<> FaultyStore::open(const store::CollectionSpec& collection) {
    return inner_.open(collection);
}

Task<std::optional<store::Stored>> FaultyStore::find(
    const store::CollectionSpec& collection, std::string id
) {
    co_await trouble_with(id);
    co_return co_await inner_.find(collection, std::move(id));
}

Task<std::vector<store::Found>> FaultyStore::page(
    const store::CollectionSpec& collection, store::Query query
) {
    co_await trouble();
    co_return co_await inner_.page(collection, std::move(query));
}

Task<std::vector<store::Stored>> FaultyStore::scan(
    const store::CollectionSpec& collection, std::string after, std::size_t limit
) {
    co_await trouble();
    co_return co_await inner_.scan(collection, std::move(after), limit);
}

Task<store::CommitResult> FaultyStore::commit(store::Commit commit) {
    const std::string id = commit.document.id;
    co_await trouble_with(id);
    if (fate_.strikes(&Faults::store_conflict)) {
        fate_.fail_commit(id);
        co_return store::CommitResult{store::CommitResult::Kind::conflict};
    }
    fate_.loop().trace(id + "@" + std::to_string(commit.document.version));
    const store::CommitResult result = co_await inner_.commit(std::move(commit));
    if (fate_.strikes(&Faults::store_reply_lost)) {
        fate_.fail_commit(id);
        throw Unavailable(Unavailable::Outcome::unknown, "simulated: the reply is lost");
    }
    co_return result;
}

Task<std::vector<store::LogEntry>> FaultyStore::log(
    const store::CollectionSpec& collection,
    std::string aggregate,
    std::int64_t after,
    std::size_t limit
) {
    co_await trouble();
    co_return co_await inner_.log(collection, std::move(aggregate), after, limit);
}

Task<std::vector<store::Store::Pending>> FaultyStore::pending(
    std::string after, std::size_t limit
) {
    co_await trouble();
    co_return co_await inner_.pending(std::move(after), limit);
}

void FaultyStore::settle(std::vector<std::string> event_ids) {
    if (!sealed_) inner_.settle(std::move(event_ids));
}

} // namespace backline::simulation
