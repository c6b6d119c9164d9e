#pragma once

#include "adapters/redis/connection.hpp"
#include "platform/security/local_limiter.hpp"

#include <optional>
#include <string>
#include <vector>

namespace backline::redis {

/// Counts for all processes of a shop, by the server's clock. All limits of a try are looked at and counted by one
/// script, so that of many tries at once, wherever they come in, no more get through than of one after the other. While
/// the server is away each process counts for itself. Keys are written as digests.
class RedisLimiter final : public security::RateLimiter {
public:
    RedisLimiter(Runtime& runtime, Connection& connection)
        : connection_(connection)
        , local_(runtime) {}

    Task<Duration> take(std::vector<security::Limit> limits) override;
    Task<> give_back(std::vector<security::Limit> limits) override;
    Task<> clear(security::Limit limit) override;
    Task<bool> knows(security::Limit limit) override;

private:
    [[nodiscard]] std::string key_of(const security::Limit& limit) const;
    [[nodiscard]] Command run_on(const char* script, const std::vector<security::Limit>& limits)
        const;
    Task<std::optional<std::int64_t>> ask(Command command);

    Connection& connection_;
    security::LocalLimiter local_;
};

} // namespace backline::redis
