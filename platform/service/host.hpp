#pragma once

#include "platform/async/task_group.hpp"
#include "platform/bus/bus.hpp"
#include "platform/bus/relay.hpp"
#include "platform/service/service.hpp"

#include <functional>
#include <string>
#include <vector>

namespace backline {

/// Runs services on one loop: opens their collections, subscribes their reactions, fires their timers, and relays what
/// they commit. Owned by the program or by one simulated process; destroying it without `stop` is a crash.
class Host final {
public:
    struct Settings {
        bus::Relay::Settings relay{};
        int attempts_max = 8;             ///< Of a reaction at an event; then it is parked.
        Duration kept_answers_for{1'000}; ///< Where the store is not exclusive.
        /// Told of what a timer threw, by the timer's name; for the log.
        std::function<void(const std::string&, const std::string&)> on_failure{};
    };

    Host(Backends backends, bus::Bus& bus, std::vector<Service> services, Settings settings);
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    /// Keeps the queues of a service that another process runs, so that no event is lost to one that does not exist
    /// yet. Before `start`.
    void declare(const Service& elsewhere);

    /// Ready to take requests when it returns. Throws what the store throws.
    Task<> start();

    /// Fires no timer any more, relays nothing new, waits for what is under way. Requests must have ended before.
    Task<> stop();

    [[nodiscard]] const std::vector<Service>& services() const { return services_; }

    /// Events on their way to the bus.
    [[nodiscard]] std::size_t in_flight() const { return relay_.in_flight(); }

    /// The routes of all services, moved out of them: for the router, once. An answer that is kept (`Route::cached`)
    /// counts until this process changes what it was made from. Where other processes write to the store, too, it also
    /// counts for `kept_answers_for` at most: so long, and no longer, may a reader see what another replica has changed
    /// since. Whoever edits what they have seen names its version, and is told.
    [[nodiscard]] http::Routes take_routes();

    /// As `take_routes`, those for operators.
    [[nodiscard]] http::Routes take_operator_routes();

private:
    void subscribe(const Service& service);
    void subscribe(const Service& service, bus::Subscription::Kind kind, bool handled);
    Task<> fire_until_stopped(const Timer& timer);
    Task<> age_kept_answers();
    Task<> pause(Duration pause);

    Backends backends_;
    bus::Bus& bus_;
    std::vector<Service> services_;
    Settings settings_;
    bool stopping_ = false;
    std::uint64_t age_ = 0; ///< Rises in time, where kept answers must not be kept for long.
    bus::Relay relay_;
    TaskGroup timers_;
};

} // namespace backline
