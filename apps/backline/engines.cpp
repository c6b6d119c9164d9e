#include "apps/backline/engines.hpp"

#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/local_bus/local_bus.hpp"
#include "adapters/mongo/mongo_store.hpp"
#include "adapters/rabbitmq/rabbit_bus.hpp"
#include "adapters/redis/redis_cache.hpp"
#include "adapters/redis/redis_ended_sessions.hpp"
#include "adapters/redis/redis_limiter.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "apps/backline/mongo_settings.hpp"
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

rabbitmq::Settings rabbitmq_settings(
    const Config& config, Engines::OnParked on_parked, const Engines::OnAway& on_away
) {
    rabbitmq::Settings settings;
    settings.endpoint = rabbitmq::parse_endpoint(config.rabbitmq.url.text());
    settings.endpoint.password_file = config.rabbitmq.password_file.text();
    settings.endpoint.ca_file = config.rabbitmq.ca_file.text();
    settings.prefix = config.rabbitmq.prefix.text() + ".";
    settings.on_parked = std::move(on_parked);
    settings.on_trouble = [on_away](const std::string& why) { on_away("rabbitmq", why); };
    return settings;
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
    asio_runtime::AsioRuntime& runtime, const Config& config, const Listeners& listeners
) {
    make_store(runtime, config, listeners.on_outbox);
    make_bus(runtime, config, listeners);
    if (config.redis.url.empty()) return;
    redis_ = std::make_unique<redis::Connection>(
        runtime.context(), runtime, redis_settings(config.redis, listeners.on_away)
    );
    limiter_ = std::make_unique<redis::RedisLimiter>(runtime, *redis_);
    ended_sessions_ = std::make_unique<redis::RedisEndedSessions>(runtime, *redis_);
    session_copies_ = std::make_unique<redis::RedisCache>(runtime, *redis_, "sessions");
}

void Engines::make_store(
    asio_runtime::AsioRuntime& runtime, const Config& config, const OnOutbox& on_outbox
) {
    if (config.mongo.url.empty()) {
        file_ = std::make_unique<sqlite::SqliteStore>(runtime, file_settings(config), die);
        return;
    }
    mongo::Settings settings = mongo_settings(config.mongo);
    settings.on_counted = [on_outbox](const mongo::FullestOutbox& fullest) {
        on_outbox(fullest.collection, fullest.events, fullest.bytes);
    };
    Runtime& lane = runtime.add_lane("mongo", 0, settings.connections);
    mongo_ = std::make_unique<mongo::MongoStore>(runtime, lane, settings);
}

void Engines::make_bus(
    asio_runtime::AsioRuntime& runtime, const Config& config, const Listeners& listeners
) {
    if (config.rabbitmq.url.empty()) {
        local_bus_ = std::make_unique<local_bus::LocalBus>(
            runtime, *file_, local_bus_settings(config, listeners.on_parked)
        );
        return;
    }
    rabbit_bus_ = std::make_unique<rabbitmq::RabbitBus>(
        runtime,
        runtime,
        runtime.add_lane("rabbitmq", 0),
        rabbitmq_settings(config, listeners.on_parked, listeners.on_away)
    );
}

Engines::~Engines() = default;

store::Store& Engines::store() {
    if (mongo_) return *mongo_;
    return *file_;
}

bus::Bus& Engines::bus() {
    if (rabbit_bus_) return *rabbit_bus_;
    return *local_bus_;
}

security::RateLimiter* Engines::limiter() {
    return limiter_.get();
}

security::EndedSessionFeed* Engines::ended_sessions() {
    return ended_sessions_.get();
}

cache::Cache* Engines::session_copies() {
    return session_copies_.get();
}

void Engines::start() {
    if (redis_) redis_->start();
}

Task<> Engines::stop() {
    if (rabbit_bus_) co_await rabbit_bus_->join();
    if (redis_) co_await redis_->stop();
    if (mongo_) co_await mongo_->stop();
}

} // namespace backline::app
