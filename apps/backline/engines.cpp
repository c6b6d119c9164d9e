#include "apps/backline/engines.hpp"

#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/local_bus/local_bus.hpp"
#include "adapters/redis/redis_limiter.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "apps/backline/secret_file.hpp"

#include <cstdio>
#include <cstdlib>

namespace backline::app {

namespace {

/// A disk that cannot be trusted any more: whatever was not answered was not done.
[[noreturn]] void die(const std::string& reason) {
    std::fprintf(stderr, "backline: %s\n", reason.c_str());
    std::_Exit(1);
}

sqlite::Settings file_settings(const Config& config) {
    sqlite::Settings settings;
    settings.directory = config.data.text();
    return settings;
}

local_bus::LocalBus::Settings local_bus_settings(
    const Config& config, Engines::OnParked on_parked
) {
    return {config.events.retry_first_for, config.events.retry_longest_for, std::move(on_parked)};
}

redis::Settings redis_settings(const Redis& configured, Engines::OnAway on_away) {
    redis::Settings settings = *redis::settings_of(configured.url.text());
    settings.ca_file = configured.ca_file.text();
    settings.prefix = configured.prefix.text();
    settings.on_change = [on_away = std::move(on_away)](const std::string& why) {
        on_away("redis", why);
    };
    if (!configured.password_file.empty()) {
        settings.password = password_in(configured.password_file.text(), "the Redis password");
    }
    return settings;
}

} // namespace

Engines::Engines(
    asio_runtime::AsioRuntime& runtime, const Config& config, OnParked on_parked, OnAway on_away
)
    : file_(std::make_unique<sqlite::SqliteStore>(runtime, file_settings(config), die))
    , local_bus_(std::make_unique<local_bus::LocalBus>(
          runtime, *file_, local_bus_settings(config, std::move(on_parked))
      )) {
    if (config.redis.url.empty()) return;
    redis_ = std::make_unique<redis::Connection>(
        runtime.context(), runtime, redis_settings(config.redis, std::move(on_away))
    );
    limiter_ = std::make_unique<redis::RedisLimiter>(runtime, *redis_);
}

Engines::~Engines() = default;

store::Store& Engines::store() {
    return *file_;
}

bus::Bus& Engines::bus() {
    return *local_bus_;
}

security::RateLimiter* Engines::limiter() {
    return limiter_.get();
}

void Engines::start() {
    if (redis_) redis_->start();
}

Task<> Engines::stop() {
    if (redis_) co_await redis_->stop();
}

} // namespace backline::app
