#pragma once

#include "apps/backline/config.hpp"
#include "platform/async/task.hpp"
#include "platform/bus/bus.hpp"
#include "platform/cache/cache.hpp"
#include "platform/observe/log.hpp"
#include "platform/security/ended_session_feed.hpp"
#include "platform/security/rate_limiter.hpp"
#include "platform/store/store.hpp"

#include <functional>
#include <memory>

namespace backline::asio_runtime {
class AsioRuntime;
}

namespace backline::sqlite {
class SqliteStore;
}

namespace backline::local_bus {
class LocalBus;
}

namespace backline::mongo {
class MongoStore;
}

namespace backline::rabbitmq {
class RabbitBus;
}

namespace backline::redis {
class Connection;
class RedisCache;
class RedisLimiter;
class RedisEndedSessions;
} // namespace backline::redis

namespace backline::app {

/// What keeps the documents, what carries the events, and what replicas share, by the configuration of this process:
/// SQLite and the in-process bus, or MongoDB, RabbitMQ and Redis.
class Engines final {
public:
    /// Told of each message that was given up.
    using OnParked = std::function<void(const store::Parked&)>;

    /// Told when an engine goes away, and why, or (without a reason) when it is back.
    using OnAway = std::function<void(const std::string& engine, const std::string& why)>;

    /// Told every second how full the fullest outbox of a collection is, where documents have outboxes.
    using OnOutbox =
        std::function<void(const std::string& collection, std::int64_t events, std::int64_t bytes)>;

    struct Listeners {
        OnParked on_parked;
        OnAway on_away;
        OnOutbox on_outbox;
    };

    /// Throws with one sentence for the operator if something cannot be used.
    Engines(asio_runtime::AsioRuntime& runtime, const Config& config, const Listeners& listeners);
    ~Engines();

    [[nodiscard]] store::Store& store();
    [[nodiscard]] bus::Bus& bus();

    /// What counts for all replicas; null where this process is alone.
    [[nodiscard]] security::RateLimiter* limiter();

    /// Where processes learn which sessions have ended; null where this process is alone.
    [[nodiscard]] security::EndedSessionFeed* ended_sessions();

    /// Where replicas of the User Service keep copies of sessions for each other; null where this process is alone.
    [[nodiscard]] cache::Cache* session_copies();

    void start();

    /// After the last call.
    Task<> stop();

    /// The embedded store; null where there is none.
    [[nodiscard]] const sqlite::SqliteStore* file() const { return file_.get(); }

private:
    void make_store(
        asio_runtime::AsioRuntime& runtime, const Config& config, const OnOutbox& on_outbox
    );
    void make_bus(
        asio_runtime::AsioRuntime& runtime, const Config& config, const Listeners& listeners
    );

    std::unique_ptr<sqlite::SqliteStore> file_;
    std::unique_ptr<mongo::MongoStore> mongo_;
    std::unique_ptr<local_bus::LocalBus> local_bus_;
    std::unique_ptr<rabbitmq::RabbitBus> rabbit_bus_;
    std::unique_ptr<redis::Connection> redis_;
    std::unique_ptr<redis::RedisLimiter> limiter_;
    std::unique_ptr<redis::RedisEndedSessions> ended_sessions_;
    std::unique_ptr<redis::RedisCache> session_copies_;
};

} // namespace backline::app
