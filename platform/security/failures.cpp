#include "platform/security/failures.hpp"

#include <algorithm>

namespace backline::security {

Duration Failures::wait(std::string_view key, Monotonic now) const {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return Duration{0};
    const Entry& entry = *found->second;
    const Monotonic next = entry.last_at + pause_after(failures(entry, now));
    return std::max(Duration{0}, next.since_start - now.since_start);
}

int Failures::failures(const Entry& entry, Monotonic now) const {
    return now < entry.last_at + patience_.forgotten_after ? entry.failures : 0;
}

Duration Failures::pause_after(int failures) const {
    if (failures < patience_.free) return Duration{0};
    if (failures >= patience_.failures_max) return patience_.forgotten_after;
    return std::min(
        patience_.first * (1 << std::min(failures - patience_.free, 20)), patience_.longest
    );
}

Failures::Entry& Failures::touch(std::string_view key) {
    const auto found = by_key_.find(key);
    if (found != by_key_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        return entries_.front();
    }
    if (entries_.size() >= keys_max_) {
        by_key_.erase(entries_.back().key);
        entries_.pop_back();
    }
    entries_.push_front({std::string(key)});
    by_key_.emplace(entries_.front().key, entries_.begin());
    return entries_.front();
}

void Failures::count(std::string_view key, Monotonic now) {
    Entry& entry = touch(key);
    entry.failures = failures(entry, now) + 1;
    entry.last_at = now;
}

void Failures::take_back(std::string_view key) {
    const auto found = by_key_.find(key);
    if (found != by_key_.end() && found->second->failures > 0) --found->second->failures;
}

void Failures::clear(std::string_view key, Monotonic now) {
    Entry& entry = touch(key);
    entry.failures = 0;
    entry.last_at = now;
}

} // namespace backline::security
