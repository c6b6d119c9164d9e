#pragma once

#include "platform/async/runtime.hpp"
#include "platform/cache/cache.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace backline::memory {

/// The cache of one process. Bounded: what was not asked for the longest goes first.
class MemoryCache final : public cache::Cache {
public:
    explicit MemoryCache(Runtime& runtime, std::size_t entries_max = 10'000)
        : runtime_(runtime)
        , entries_max_(entries_max) {}

    Task<std::optional<cache::Entry>> get(std::string key) override;
    Task<> put(std::string key, cache::Entry entry, Duration ttl) override;
    Task<> outdate(std::string key, std::int64_t version) override;

    [[nodiscard]] std::size_t size() const { return slots_.size(); }

private:
    struct Slot {
        std::string key;
        cache::Entry entry;
        bool outdated; ///< Holds a version only.
        Monotonic ends;
    };

    using Slots = std::list<Slot>;

    Slot* find(std::string_view key);
    void place(Slot slot);

    Runtime& runtime_;
    std::size_t entries_max_;
    Slots slots_; ///< Used last first.
    std::unordered_map<std::string_view, Slots::iterator> by_key_;
};

} // namespace backline::memory
