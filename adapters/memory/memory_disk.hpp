#pragma once

#include "platform/store/store.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace backline::memory {

/// What would lie on a disk: documents, outbox, logs and parked messages of any number of collections. It outlives the
/// `MemoryStore` that works on it, as a disk outlives a process, so tests and the simulator restart a service on it.
/// Plain and synchronous; every call is atomic. One thread.
class MemoryDisk final {
public:
    void open(const store::CollectionSpec& collection);

    [[nodiscard]] std::optional<store::Stored> find(
        const store::CollectionSpec& collection, const std::string& id
    ) const;
    [[nodiscard]] std::vector<store::Found> page(
        const store::CollectionSpec& collection, const store::Query& query
    ) const;
    [[nodiscard]] std::vector<store::Stored> scan(
        const store::CollectionSpec& collection, const std::string& after, std::size_t limit
    ) const;
    store::CommitResult commit(const store::Commit& commit);
    [[nodiscard]] std::vector<store::LogEntry> log(
        const store::CollectionSpec& collection,
        const std::string& aggregate,
        std::int64_t after,
        std::size_t limit
    ) const;

    [[nodiscard]] std::vector<store::Store::Pending> pending(
        const std::string& after, std::size_t limit
    ) const;
    void settle(const std::vector<std::string>& event_ids);

    [[nodiscard]] std::size_t backlog() const { return outbox_.size(); }

    void note_attempts(const std::string& event_id, const std::string& subscriber, int attempts);
    [[nodiscard]] int attempts(const std::string& event_id, const std::string& subscriber) const;
    void park(store::Parked parked);
    [[nodiscard]] std::vector<store::Parked> parked(std::size_t limit) const;
    void unpark(const std::string& event_id, const std::string& subscriber);

    /// Every document of a collection in id order: what an oracle reads.
    [[nodiscard]] std::vector<store::Stored> all(const std::string& collection) const;

    /// Commits that took place; the work that a test bounds.
    [[nodiscard]] std::int64_t commits() const { return commits_; }

private:
    struct Row {
        store::Stored document;
        std::vector<store::Key> keys;
    };

    using Entry = std::pair<store::Key, std::string>; ///< A key and the document that has it.

    struct Collection {
        std::map<std::string, Row> rows;
        std::vector<std::set<Entry>> indexes;
        std::map<std::pair<std::string, std::int64_t>, store::LogEntry> log;
    };

    using Delivery = std::pair<std::string, std::string>; ///< An event and a subscriber.

    [[nodiscard]] const Collection& collection_of(const store::CollectionSpec& spec) const;
    [[nodiscard]] std::optional<std::string> taken(
        const Collection& collection, const store::Commit& commit
    ) const;
    static void reindex(Collection& collection, const store::Commit& commit);
    void add_events(const store::Commit& commit);

    std::map<std::string, Collection> collections_;
    std::map<std::uint64_t, store::EventRecord> outbox_;
    std::map<std::string, std::uint64_t> places_;
    std::map<Delivery, int> attempts_;
    std::vector<store::Parked> parked_; ///< By time of parking.
    std::uint64_t last_place_ = 0;
    std::int64_t commits_ = 0;
};

} // namespace backline::memory
