#pragma once

#include "platform/security/rate_limiter.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <string_view>

namespace backline::security {

/// Counts failures by key. Bounded: whoever failed longest ago is forgotten first. Pure.
class Failures final {
public:
    Failures(Patience patience, std::size_t keys_max) : patience_(patience), keys_max_(keys_max) {}

    /// How long until the next try; zero: now.
    [[nodiscard]] Duration wait(std::string_view key, Monotonic now) const;

    [[nodiscard]] bool knows(std::string_view key) const { return by_key_.contains(key); }

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

    void count(std::string_view key, Monotonic now);

    /// One was no failure.
    void take_back(std::string_view key);

    /// There were none; `knows` the key from now on.
    void clear(std::string_view key, Monotonic now);

private:
    struct Entry {
        std::string key;
        int failures = 0;
        Monotonic last_at{};
    };

    using Entries = std::list<Entry>;

    [[nodiscard]] int failures(const Entry& entry, Monotonic now) const;
    [[nodiscard]] Duration pause_after(int failures) const;
    Entry& touch(std::string_view key);

    Patience patience_;
    std::size_t keys_max_;
    Entries entries_; ///< The latest first.
    std::map<std::string_view, Entries::iterator> by_key_;
};

} // namespace backline::security
