#include "services/users/throttle/model.hpp"

#include <algorithm>
#include <iterator>

namespace backline::users {

namespace {

constexpr Patience with_guesses{
    .longest = std::chrono::minutes{5}, .forgotten_after = std::chrono::hours{24}
};

/// More for a client: a whole office may sit behind one address.
constexpr Patience with_clients{
    .free = 20,
    .longest = std::chrono::minutes{1},
    .failures_max = 1'000,
    .forgotten_after = std::chrono::hours{1}
};

std::string device_of(const Try& attempt) {
    return attempt.account + ' ' + attempt.client;
}

} // namespace

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

LogInThrottle::LogInThrottle(std::size_t keys_max)
    : clients_(with_clients, keys_max)
    , accounts_(with_guesses, keys_max)
    , devices_(with_guesses, keys_max) {}

Duration LogInThrottle::take(const Try& attempt, Monotonic now) {
    const std::string device = device_of(attempt);
    const bool known = devices_.knows(device);
    Failures& guesses = known ? devices_ : accounts_;
    const std::string& key = known ? device : attempt.account;
    const Duration wait = std::max(clients_.wait(attempt.client, now), guesses.wait(key, now));
    if (wait > Duration{0}) return wait;
    clients_.count(attempt.client, now);
    guesses.count(key, now);
    return wait;
}

void LogInThrottle::succeeded(const Try& attempt, Monotonic now) {
    give_back(attempt);
    devices_.clear(device_of(attempt), now);
}

void LogInThrottle::give_back(const Try& attempt) {
    const std::string device = device_of(attempt);
    clients_.take_back(attempt.client);
    if (devices_.knows(device)) {
        devices_.take_back(device);
    } else {
        accounts_.take_back(attempt.account);
    }
}

} // namespace backline::users
