#pragma once

#include "platform/async/task.hpp"
#include "platform/base/time.hpp"

#include <string>
#include <string_view>
#include <vector>

/// How often something may be tried that fails for who guesses: passwords, codes. The port counts; what is counted, and
/// what it costs, is the service's to say.
namespace backline::security {

/// What failing costs.
struct Patience {
    int free = 5;               ///< So many failures cost nothing.
    Duration first{1'000};      ///< Then the next try has to wait, twice as long each time,
    Duration longest{};         ///< though never longer than this;
    int failures_max = 100;     ///< until there is no further try
    Duration forgotten_after{}; ///< before all is forgotten, so long after the last failure.
};

/// One kind of count: by client, by account. A constant; its name is unique in the shop.
struct LimitRule {
    std::string_view name;
    Patience patience;
};

/// One count: whom a rule is about. Keys may name people: adapters that write them down keep a digest.
struct Limit {
    const LimitRule* rule;
    std::string key;
};

/// Loop thread only. Never throws: what cannot be counted where all processes see it is counted in this one.
class RateLimiter {
public:
    RateLimiter() = default;
    RateLimiter(const RateLimiter&) = delete;
    RateLimiter& operator=(const RateLimiter&) = delete;
    virtual ~RateLimiter() = default;

    /// How long a try has to wait by the strictest of its limits; zero: it goes ahead, and counts as failed in all of
    /// them until something else is said, so that many at once are no more than one after the other. Asking costs
    /// nothing.
    virtual Task<Duration> take(std::vector<Limit> limits) = 0;

    /// The last try was no failure.
    virtual Task<> give_back(std::vector<Limit> limits) = 0;

    /// There were no failures; `knows` it from now on, for a month at least if it may.
    virtual Task<> clear(Limit limit) = 0;

    /// Whether there is a count, be it of zero. One that does not know says no.
    virtual Task<bool> knows(Limit limit) = 0;
};

} // namespace backline::security
