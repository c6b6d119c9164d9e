#include "platform/security/local_limiter.hpp"

#include <algorithm>

namespace backline::security {

Failures& LocalLimiter::of(const LimitRule& rule) {
    const auto known = by_rule_.find(rule.name);
    if (known != by_rule_.end()) return known->second;
    return by_rule_.try_emplace(std::string(rule.name), rule.patience, keys_max_).first->second;
}

Task<Duration> LocalLimiter::take(std::vector<Limit> limits) {
    const Monotonic now = runtime_.now().monotonic;
    Duration wait{0};
    for (const Limit& limit : limits) wait = std::max(wait, of(*limit.rule).wait(limit.key, now));
    if (wait > Duration{0}) co_return wait;
    for (const Limit& limit : limits) of(*limit.rule).count(limit.key, now);
    co_return wait;
}

Task<> LocalLimiter::give_back(std::vector<Limit> limits) {
    for (const Limit& limit : limits) of(*limit.rule).take_back(limit.key);
    co_return;
}

Task<> LocalLimiter::clear(Limit limit) {
    of(*limit.rule).clear(limit.key, runtime_.now().monotonic);
    co_return;
}

Task<bool> LocalLimiter::knows(Limit limit) {
    co_return of(*limit.rule).knows(limit.key);
}

} // namespace backline::security
