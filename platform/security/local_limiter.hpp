#pragma once

#include "platform/async/runtime.hpp"
#include "platform/security/failures.hpp"

#include <map>
#include <string>

namespace backline::security {

/// Counts in the memory of one process: a restart forgives, and each replica counts for itself.
class LocalLimiter final : public RateLimiter {
public:
    /// Keys that are remembered, of each rule; about 200 bytes for one.
    explicit LocalLimiter(Runtime& runtime, std::size_t keys_max = 50'000)
        : runtime_(runtime)
        , keys_max_(keys_max) {}

    Task<Duration> take(std::vector<Limit> limits) override;
    Task<> give_back(std::vector<Limit> limits) override;
    Task<> clear(Limit limit) override;
    Task<bool> knows(Limit limit) override;

private:
    Failures& of(const LimitRule& rule);

    Runtime& runtime_;
    std::size_t keys_max_;
    std::map<std::string, Failures, std::less<>> by_rule_;
};

} // namespace backline::security
