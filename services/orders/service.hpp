#pragma once

#include "platform/service/service.hpp"
#include "services/orders/checkout/reactions.hpp"
#include "services/orders/config.hpp"

namespace backline::orders {

/// The Order Service on these backends. `on_row` is told of every saga row that is taken. See `service.cpp`, its map.
[[nodiscard]] Service make_service(Backends backends, Config config, OrderSteps::OnRow on_row = {});

} // namespace backline::orders
