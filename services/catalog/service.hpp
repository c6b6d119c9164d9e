#pragma once

#include "platform/service/service.hpp"
#include "services/catalog/config.hpp"

namespace backline::catalog {

/// The Catalog Service on these backends. See `service.cpp`, its map.
[[nodiscard]] Service make_service(Backends backends, Config config);

} // namespace backline::catalog
