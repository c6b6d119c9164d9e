#pragma once

#include "platform/bus/bus.hpp"

#include <exception>
#include <string>

/// What every bus does with a handler: call it, and keep whatever it throws.
namespace backline::bus {

/// One call of `subscription.handle`: what it threw, or null when the event was handled. Throws nothing itself.
[[nodiscard]] Task<std::exception_ptr> attempt(const Subscription& subscription, EventRecord event);

/// The same for an observer that catches up; one without `resync` has nothing to do.
[[nodiscard]] Task<std::exception_ptr> catch_up(const Subscription& subscription);

/// In words, for an operator; never empty.
[[nodiscard]] std::string reason_of(const std::exception_ptr& failure);

} // namespace backline::bus
