#pragma once

#include "platform/service/service.hpp"

namespace backline::inventory {

/// The Inventory Service on these backends. See `service.cpp`, its map.
[[nodiscard]] Service make_service(Backends backends);

} // namespace backline::inventory
