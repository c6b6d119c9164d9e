#pragma once

#include "adapters/mongo/settings.hpp"
#include "apps/backline/config.hpp"

namespace backline::app {

/// With the password out of its file. Throws `std::runtime_error` with one sentence if that cannot be read.
[[nodiscard]] mongo::Settings mongo_settings(const Mongo& configured);

} // namespace backline::app
