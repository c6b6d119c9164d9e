#pragma once

#include "platform/observe/log.hpp"
#include "platform/service/service.hpp"
#include "services/payments/config.hpp"
#include "services/payments/provider.hpp"

namespace backline::payments {

/// The Payment Service on these backends and this provider. `log` gets what a person must look at. See `service.cpp`,
/// its map.
[[nodiscard]] Service make_service(
    Backends backends, Provider& provider, observe::Log& log, Config config = {}
);

} // namespace backline::payments
