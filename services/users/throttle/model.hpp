#pragma once

#include "platform/base/time.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <string_view>

/// How often somebody may try to log in. Kept in the memory of one process: a restart forgives. Pure.
namespace backline::users {

/// What failing costs.
struct Patience {
    int free = 5;               ///< So many failures cost nothing.
    Duration first{1'000};      ///< Then the next try has to wait, twice as long each time,
    Duration longest{};         ///< though never longer than this;
    int failures_max = 100;     ///< until there is no further try
    Duration forgotten_after{}; ///< before all is forgotten, so long after the last failure.
};

/// Counts failures by key. Bounded: whoever failed longest ago is forgotten first.
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

/// Somebody who gives a password.
struct Try {
    std::string account; ///< By its mailbox, whether there is such an account or not.
    std::string client;  ///< The address that it comes from.
};

/// Slows down whoever guesses passwords: by account, so that many addresses do not help, and by client, so that many
/// accounts do not. Where an account was logged into before, it has a count of its own: strangers who guess at an
/// account stop other strangers, not its owner.
class LogInThrottle final {
public:
    /// Accounts, devices and clients that are remembered, each; about 200 bytes for one.
    explicit LogInThrottle(std::size_t keys_max = 50'000);

    /// How long it has to wait; zero: it goes ahead, and counts as failed until something else is said, so that many
    /// at once are no more than one after the other.
    Duration take(const Try& attempt, Monotonic now);

    /// The password was the right one.
    void succeeded(const Try& attempt, Monotonic now);

    /// The password was never looked at.
    void give_back(const Try& attempt);

private:
    Failures clients_;
    Failures accounts_; ///< By strangers.
    Failures devices_;  ///< By clients that the account was logged into from.
};

} // namespace backline::users
