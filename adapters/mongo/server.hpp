#pragma once

#include "adapters/mongo/clock.hpp"
#include "adapters/mongo/settings.hpp"

#include <mongoc/mongoc.h>

#include <memory>

namespace backline::mongo {

/// The replica set as libmongoc's pool of connections. Any thread.
class Server final {
public:
    /// Connects to nobody yet. Throws `Unusable` if the URL cannot be read or asks for weaker writes than ours.
    explicit Server(const Settings& settings);

    [[nodiscard]] const Settings& settings() const { return settings_; }

    [[nodiscard]] Clock& clock() { return clock_; }

    [[nodiscard]] mongoc_client_pool_t& pool() { return *pool_; }

private:
    struct Destroy {
        void operator()(mongoc_client_pool_t* pool) const { mongoc_client_pool_destroy(pool); }
    };

    Settings settings_;
    Clock clock_;
    std::unique_ptr<mongoc_client_pool_t, Destroy> pool_;
};

} // namespace backline::mongo
