#pragma once

#include "platform/service/service.hpp"
#include "services/notifications/mailer.hpp"

namespace backline::notifications {

/// The Notification Service on these backends; `mailer` outlives it. See `service.cpp`, its map.
[[nodiscard]] Service make_service(Backends backends, Mailer& mailer);

} // namespace backline::notifications
