#pragma once

#include "apps/backline/config.hpp"
#include "platform/async/task.hpp"
#include "platform/bus/bus.hpp"
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

namespace backline::app {

/// What keeps the documents and what carries the events of this process, by its configuration: SQLite and the
/// in-process bus, or MongoDB and RabbitMQ.
class Engines final {
public:
    /// Told of each message that was given up.
    using OnParked = std::function<void(const store::Parked&)>;

    /// Throws with one sentence for the operator if something cannot be used.
    Engines(asio_runtime::AsioRuntime& runtime, const Config& config, OnParked on_parked);
    ~Engines();

    [[nodiscard]] store::Store& store();
    [[nodiscard]] bus::Bus& bus();

    /// The embedded store; null where there is none.
    [[nodiscard]] const sqlite::SqliteStore* file() const { return file_.get(); }

private:
    std::unique_ptr<sqlite::SqliteStore> file_;
    std::unique_ptr<local_bus::LocalBus> local_bus_;
};

} // namespace backline::app
