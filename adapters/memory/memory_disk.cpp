#include "adapters/memory/memory_disk.hpp"

#include "platform/base/invariant.hpp"

#include <algorithm>
#include <cstdio>

namespace backline::memory {

using store::Commit;
using store::CommitResult;
using store::Key;
using store::Value;

namespace {

/// Fixed width, so that places sort as text.
std::string place_text(std::uint64_t place) {
    std::string text(20, '0');
    std::snprintf(text.data(), text.size() + 1, "%020llu", static_cast<unsigned long long>(place));
    return text;
}

bool has_absent(const Key& key) {
    return std::ranges::any_of(key, [](const Value& value) { return value.index() == 0; });
}

bool matches(const Key& key, const store::Query& query) {
    if (!std::equal(query.equals.begin(), query.equals.end(), key.begin())) return false;
    if (!query.from && !query.until) return true;
    const Value& ranged = key.at(query.equals.size());
    return (!query.from || ranged >= *query.from) && (!query.until || ranged <= *query.until);
}

bool comes_after(
    const std::pair<Key, std::string>& entry,
    const std::pair<Key, std::string>& mark,
    bool descending
) {
    return descending ? entry < mark : entry > mark;
}

} // namespace

void MemoryDisk::open(const store::CollectionSpec& collection) {
    collections_[collection.full_name()].indexes.resize(collection.indexes.size());
}

const MemoryDisk::Collection& MemoryDisk::collection_of(const store::CollectionSpec& spec) const {
    const auto found = collections_.find(spec.full_name());
    INVARIANT(found != collections_.end(), "a collection is opened before it is used");
    return found->second;
}

std::optional<store::Stored> MemoryDisk::find(
    const store::CollectionSpec& collection, const std::string& id
) const {
    const Collection& rows = collection_of(collection);
    const auto found = rows.rows.find(id);
    if (found == rows.rows.end()) return std::nullopt;
    return found->second.document;
}

std::vector<store::Found> MemoryDisk::page(
    const store::CollectionSpec& collection, const store::Query& query
) const {
    const Collection& rows = collection_of(collection);
    const std::set<Entry>& index = rows.indexes.at(query.index);
    Key first = query.equals;
    if (query.from) first.push_back(*query.from);
    std::vector<const Entry*> matching;
    for (auto at = index.lower_bound(Entry{first, {}}); at != index.end(); ++at) {
        if (!matches(at->first, query)) break;
        matching.push_back(&*at);
    }
    if (query.descending) std::ranges::reverse(matching);
    std::vector<store::Found> found;
    for (const Entry* entry : matching) {
        if (found.size() == query.limit) break;
        if (query.after && !comes_after(*entry, *query.after, query.descending)) continue;
        found.push_back({rows.rows.at(entry->second).document, entry->first});
    }
    return found;
}

std::vector<store::Stored> MemoryDisk::scan(
    const store::CollectionSpec& collection, const std::string& after, std::size_t limit
) const {
    const Collection& rows = collection_of(collection);
    std::vector<store::Stored> documents;
    auto at = rows.rows.upper_bound(after);
    for (; at != rows.rows.end() && documents.size() < limit; ++at) {
        documents.push_back(at->second.document);
    }
    return documents;
}

std::optional<std::string> MemoryDisk::taken(const Collection& collection, const Commit& commit)
    const {
    for (std::size_t i = 0; i < commit.keys.size(); ++i) {
        if (!commit.collection->indexes[i].unique || has_absent(commit.keys[i])) continue;
        const auto at = collection.indexes[i].lower_bound(Entry{commit.keys[i], {}});
        const bool same_key = at != collection.indexes[i].end() && at->first == commit.keys[i];
        if (same_key && at->second != commit.document.id) return commit.collection->indexes[i].name;
    }
    return std::nullopt;
}

void MemoryDisk::reindex(Collection& collection, const Commit& commit) {
    const std::string& id = commit.document.id;
    const auto old = collection.rows.find(id);
    for (std::size_t i = 0; i < commit.keys.size(); ++i) {
        if (old != collection.rows.end()) {
            collection.indexes[i].erase(Entry{old->second.keys[i], id});
        }
        collection.indexes[i].insert(Entry{commit.keys[i], id});
    }
}

CommitResult MemoryDisk::commit(const Commit& commit) {
    INVARIANT(commit.keys.size() == commit.collection->indexes.size(), "a key for every index");
    INVARIANT(commit.document.version == commit.base_version + 1, "a commit is one version");
    Collection& collection = collections_.at(commit.collection->full_name());
    const auto row = collection.rows.find(commit.document.id);
    const std::int64_t version = row == collection.rows.end() ? 0 : row->second.document.version;
    if (version != commit.base_version) return {CommitResult::Kind::conflict};
    if (auto index = taken(collection, commit)) {
        return {CommitResult::Kind::duplicate, std::move(*index)};
    }
    reindex(collection, commit);
    collection.rows[commit.document.id] = Row{commit.document, commit.keys};
    for (const store::LogEntry& entry : commit.entries) {
        collection.log.try_emplace({entry.aggregate, entry.number}, entry);
    }
    add_events(commit);
    ++commits_;
    return {};
}

void MemoryDisk::add_events(const Commit& commit) {
    for (const store::EventRecord& event : commit.events) {
        places_[event.id] = ++last_place_;
        outbox_[last_place_] = event;
    }
}

std::vector<store::LogEntry> MemoryDisk::log(
    const store::CollectionSpec& collection,
    const std::string& aggregate,
    std::int64_t after,
    std::size_t limit
) const {
    const Collection& rows = collection_of(collection);
    std::vector<store::LogEntry> entries;
    auto at = rows.log.upper_bound({aggregate, after});
    while (at != rows.log.end() && at->first.first == aggregate && entries.size() < limit) {
        entries.push_back((at++)->second);
    }
    return entries;
}

std::vector<store::Store::Pending> MemoryDisk::pending(const std::string& after, std::size_t limit)
    const {
    std::vector<store::Store::Pending> pending;
    auto at = after.empty() ? outbox_.begin() : outbox_.upper_bound(std::stoull(after));
    for (; at != outbox_.end() && pending.size() < limit; ++at) {
        pending.push_back({place_text(at->first), at->second});
    }
    return pending;
}

void MemoryDisk::settle(const std::vector<std::string>& event_ids) {
    for (const std::string& id : event_ids) {
        const auto place = places_.find(id);
        if (place == places_.end()) continue;
        outbox_.erase(place->second);
        places_.erase(place);
        std::erase_if(attempts_, [&](const auto& entry) { return entry.first.first == id; });
    }
}

void MemoryDisk::note_attempts(
    const std::string& event_id, const std::string& subscriber, int attempts
) {
    attempts_[{event_id, subscriber}] = attempts;
}

int MemoryDisk::attempts(const std::string& event_id, const std::string& subscriber) const {
    const auto found = attempts_.find({event_id, subscriber});
    return found == attempts_.end() ? 0 : found->second;
}

void MemoryDisk::park(store::Parked parked) {
    unpark(parked.event.id, parked.subscriber);
    const auto later =
        std::ranges::upper_bound(parked_, parked.parked_at, {}, &store::Parked::parked_at);
    parked_.insert(later, std::move(parked));
}

std::vector<store::Parked> MemoryDisk::parked(std::size_t limit) const {
    const auto count = static_cast<std::ptrdiff_t>(std::min(limit, parked_.size()));
    return {parked_.begin(), parked_.begin() + count};
}

void MemoryDisk::unpark(const std::string& event_id, const std::string& subscriber) {
    std::erase_if(parked_, [&](const store::Parked& entry) {
        return entry.event.id == event_id && entry.subscriber == subscriber;
    });
}

std::vector<store::Stored> MemoryDisk::all(const std::string& collection) const {
    std::vector<store::Stored> documents;
    const auto found = collections_.find(collection);
    if (found == collections_.end()) return documents;
    for (const auto& [id, row] : found->second.rows) documents.push_back(row.document);
    return documents;
}

} // namespace backline::memory
