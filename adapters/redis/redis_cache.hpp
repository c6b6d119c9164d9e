#pragma once

#include "adapters/redis/connection.hpp"
#include "platform/cache/cache.hpp"

namespace backline::redis {

/// The cache that all processes of a shop share. Older never overwrites newer by a script, which Redis runs at once and
/// alone. What somebody else has put under a key, of whatever type, is nothing, and is overwritten.
class RedisCache final : public cache::Cache {
public:
    /// `name` keeps caches of one shop apart. Values that are larger than `value_bytes_max` are not kept.
    RedisCache(
        Runtime& runtime,
        Connection& connection,
        const std::string& name,
        std::size_t value_bytes_max = 1U << 20U
    )
        : runtime_(runtime)
        , connection_(connection)
        , prefix_(connection.prefix() + name + ":")
        , value_bytes_max_(value_bytes_max) {}

    Task<std::optional<cache::Entry>> get(std::string key) override;
    Task<> put(std::string key, cache::Entry entry, Duration ttl) override;
    Task<> outdate(std::string key, std::int64_t version) override;

private:
    Task<> place(std::string key, std::string value, Duration stays, std::string version_max);

    Runtime& runtime_;
    Connection& connection_;
    std::string prefix_;
    std::size_t value_bytes_max_;
};

} // namespace backline::redis
