#include "adapters/memory/memory_cache.hpp"

namespace backline::memory {

Task<std::optional<cache::Entry>> MemoryCache::get(std::string key) {
    const Slot* slot = find(key);
    if (slot == nullptr || slot->outdated) co_return std::nullopt;
    co_return slot->entry;
}

Task<> MemoryCache::put(std::string key, cache::Entry entry, Duration ttl) {
    const Slot* there = find(key);
    if (there != nullptr && there->entry.version > entry.version) co_return;
    const Monotonic ends = runtime_.now().monotonic + cache::jittered(ttl, runtime_.random());
    place({std::move(key), std::move(entry), false, ends});
}

Task<> MemoryCache::outdate(std::string key, std::int64_t version) {
    const Slot* there = find(key);
    if (there != nullptr && there->entry.version >= version) co_return;
    const Monotonic ends = runtime_.now().monotonic + cache::outdated_for;
    place({std::move(key), {.version = version}, true, ends});
}

MemoryCache::Slot* MemoryCache::find(std::string_view key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    const Slots::iterator slot = found->second;
    if (slot->ends <= runtime_.now().monotonic) {
        by_key_.erase(found);
        slots_.erase(slot);
        return nullptr;
    }
    slots_.splice(slots_.begin(), slots_, slot);
    return &*slot;
}

void MemoryCache::place(Slot slot) {
    const auto found = by_key_.find(slot.key);
    if (found != by_key_.end()) {
        const Slots::iterator old = found->second;
        by_key_.erase(found);
        slots_.erase(old);
    }
    if (slots_.size() >= entries_max_) {
        by_key_.erase(slots_.back().key);
        slots_.pop_back();
    }
    slots_.push_front(std::move(slot));
    by_key_.emplace(slots_.front().key, slots_.begin());
}

} // namespace backline::memory
