#pragma once

#include "platform/async/wait.hpp"
#include "platform/bus/attempt.hpp"
#include "platform/bus/bus.hpp"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <set>
#include <string>
#include <utility>

namespace backline::rabbitmq {

/// One subscription that is declared here, and what this process has of it in its hands. Loop thread only.
struct Member {
    bus::Subscription subscription;
    Permits permits;
    Signal caught_up;
    std::int64_t held = 0; ///< Deliveries that are not acked yet.
    /// Of those, on the way to the parking queue: which event, and the time noted in it.
    std::set<std::pair<std::string, Instant>> being_parked{};
    bool catching_up = false;
    bool missed = false; ///< Events, since it last began to catch up.

    Member(Runtime& runtime, bus::Subscription declared)
        : subscription(std::move(declared))
        , permits(runtime, subscription.in_flight_max)
        , caught_up(runtime) {}

    [[nodiscard]] bool shared() const {
        return subscription.kind == bus::Subscription::Kind::shared;
    }

    [[nodiscard]] bool handled_here() const { return subscription.handle != nullptr; }

    [[nodiscard]] bool names(const std::string& type) const {
        return std::ranges::find(subscription.types, type) != subscription.types.end();
    }
};

/// Hands one event to the member's handler; what came of it, as `bus::attempt` says. A type that the subscription does
/// not name is a failure: during an update another replica may have bound it, and handles it when it is tried again.
[[nodiscard]] Task<std::exception_ptr> hand_over(const Member& member, bus::EventRecord event);

} // namespace backline::rabbitmq
