#include "platform/service/host.hpp"

#include "platform/async/wait.hpp"
#include "platform/base/invariant.hpp"

#include <algorithm>
#include <map>
#include <memory>

namespace backline {

namespace {

using Handlers = std::map<std::string, std::function<Task<>(bus::EventRecord)>, std::less<>>;

Task<> dispatch(const Handlers& handlers, bus::EventRecord event) {
    const auto handler = handlers.find(event.type);
    INVARIANT(handler != handlers.end(), "a subscriber gets only the types that it asked for");
    co_await handler->second(std::move(event));
}

} // namespace

Host::Host(Backends backends, bus::Bus& bus, std::vector<Service> services, Settings settings)
    : backends_(backends)
    , bus_(bus)
    , services_(std::move(services))
    , settings_(std::move(settings))
    , relay_(backends.runtime, backends.store, bus, settings_.relay) {}

Task<> Host::start() {
    for (const Service& service : services_) {
        for (const store::CollectionSpec* collection : service.collections) {
            co_await backends_.store.open(*collection);
        }
        subscribe(service);
    }
    co_await bus_.start();
    relay_.start();
    for (const Service& service : services_) {
        if (service.on_start) co_await service.on_start();
    }
    if (!backends_.store.exclusive()) timers_.spawn(age_kept_answers());
    for (const Service& service : services_) {
        for (const Timer& timer : service.timers) timers_.spawn(fire_until_stopped(timer));
    }
}

void Host::declare(const Service& elsewhere) {
    subscribe(elsewhere, bus::Subscription::Kind::shared, false);
}

void Host::subscribe(const Service& service) {
    subscribe(service, bus::Subscription::Kind::shared, true);
    subscribe(service, bus::Subscription::Kind::observed, true);
}

void Host::subscribe(const Service& service, bus::Subscription::Kind kind, bool handled) {
    auto handlers = std::make_shared<Handlers>();
    bus::Subscription subscription{
        .subscriber = service.name, .kind = kind, .attempts_max = settings_.attempts_max
    };
    for (const Reaction& reaction : service.reactions) {
        if (reaction.kind != kind) continue;
        subscription.types.emplace_back(reaction.event->type);
        const bool first = handlers->try_emplace(subscription.types.back(), reaction.handle).second;
        INVARIANT(first, "a service reacts to an event in one place: " + subscription.types.back());
    }
    if (subscription.types.empty()) return;
    if (handled) {
        if (kind == bus::Subscription::Kind::observed) subscription.resync = service.resync;
        subscription.handle = [handlers](bus::EventRecord event) {
            return dispatch(*handlers, std::move(event));
        };
    }
    bus_.subscribe(std::move(subscription));
}

Task<> Host::fire_until_stopped(const Timer& timer) {
    while (!stopping_) {
        std::string failure;
        try {
            co_await timer.fire(stopping_);
        } catch (const std::exception& thrown) {
            failure = thrown.what();
        }
        if (!failure.empty() && settings_.on_failure) settings_.on_failure(timer.name, failure);
        co_await pause(timer.every);
    }
}

Task<> Host::age_kept_answers() {
    while (!stopping_) {
        co_await pause(settings_.kept_answers_for);
        ++age_;
    }
}

/// Sleeps in short turns, so that a stop need not wait for the longest timer.
Task<> Host::pause(Duration pause) {
    constexpr Duration turn{200};
    const Monotonic end = backends_.runtime.now().monotonic + pause;
    while (!stopping_ && backends_.runtime.now().monotonic < end) {
        const Monotonic next = backends_.runtime.now().monotonic + turn;
        co_await sleep_until(backends_.runtime, std::min(next, end));
    }
}

Task<> Host::stop() {
    stopping_ = true;
    bus_.stop();
    co_await relay_.stop();
    co_await timers_.join();
    for (const Service& service : services_) {
        if (service.on_stop) co_await service.on_stop();
    }
}

http::Routes Host::take_routes() {
    std::vector<http::Routes> tables;
    for (Service& service : services_) tables.push_back(std::move(service.routes));
    http::Routes routes = http::joined(std::move(tables));
    if (backends_.store.exclusive()) return routes;
    for (http::Route& route : routes) {
        if (!route.generations.empty()) route.generations.push_back(&age_);
    }
    return routes;
}

http::Routes Host::take_operator_routes() {
    std::vector<http::Routes> tables;
    for (Service& service : services_) tables.push_back(std::move(service.operator_routes));
    return http::joined(std::move(tables));
}

} // namespace backline
