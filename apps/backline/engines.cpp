#include "apps/backline/engines.hpp"

#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/local_bus/local_bus.hpp"
#include "adapters/sqlite/sqlite_store.hpp"

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

} // namespace

Engines::Engines(asio_runtime::AsioRuntime& runtime, const Config& config, OnParked on_parked)
    : file_(std::make_unique<sqlite::SqliteStore>(runtime, file_settings(config), die))
    , local_bus_(std::make_unique<local_bus::LocalBus>(
          runtime, *file_, local_bus_settings(config, std::move(on_parked))
      )) {}

Engines::~Engines() = default;

store::Store& Engines::store() {
    return *file_;
}

bus::Bus& Engines::bus() {
    return *local_bus_;
}

} // namespace backline::app
