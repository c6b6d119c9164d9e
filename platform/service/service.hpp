#pragma once

#include "platform/async/task.hpp"
#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "platform/bus/bus.hpp"
#include "platform/http/routes.hpp"
#include "platform/schema/json.hpp"
#include "platform/store/collection.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// A service as the program sees it: a value made by `make_service(backends, config)` in its `service.cpp`, which is
/// its map. The program and the simulator start the same value on different adapters.
namespace backline {

/// What every service stands on. Special ports (payment provider, mailer, hasher) are parameters of their own. All
/// references outlive the service.
struct Backends {
    Runtime& runtime;
    store::Store& store;
};

/// An event on its way into a reaction, without its data.
struct Message {
    std::string id;
    std::string subject;
    std::int64_t epoch = 1;
    std::int64_t sequence = 0;
    store::Cause cause{}; ///< For the commits that the reaction makes.
};

/// One event type that a service reacts to.
struct Reaction {
    const EventInfo* event;
    bus::Subscription::Kind kind;
    std::function<Task<>(bus::EventRecord)> handle;
};

/// Work that a service does of itself, again and again. `fire` is awaited, then pauses for `every`; what it throws is
/// logged and it is fired again. While it runs it may look at `stopping`, and then begins nothing new.
struct Timer {
    std::string name;
    Duration every;
    std::function<Task<>(const bool& stopping)> fire;
};

struct Service {
    std::string name;
    std::vector<const store::CollectionSpec*> collections{};
    http::Routes routes{};
    http::Routes operator_routes{
    }; ///< Served on the operators' own local address, where nobody has a token.
    std::vector<Reaction> reactions{};
    std::vector<Timer> timers{};
    /// Awaited before the first event that it hears on every replica, and whenever some of those may have been missed.
    std::function<Task<>()> resync{};
    std::function<Task<>()> on_start{
    }; ///< Awaited once its collections are open, before the first request.
    std::function<Task<>()> on_stop{
    }; ///< Awaited when nothing comes in any more: ends what goes on beside.
    std::span<const Refusal> refusals{};
    std::shared_ptr<void> parts{}; ///< The handlers and collections that the rest refers to.
};

namespace detail {

Message message_of(const bus::EventRecord& record);

/// An event that cannot be read is a bug of its sender: it breaks an invariant, and the bus parks it with the reason.
void read_event(const Type& type, void* out, const bus::EventRecord& record);

template <class Object, class E>
Task<> react(Object& object, Task<> (Object::*method)(Message, E), bus::EventRecord record) {
    E event{};
    read_event(type_of<E>(), &event, record);
    Message message = message_of(record);
    co_await (object.*method)(std::move(message), std::move(event));
}

} // namespace detail

/// `on(reactions, &Reactions::stock_held)`: handled by one replica of the service. The reaction is done when the
/// coroutine returns; throwing means that the event comes again, so it must be idempotent by its business key.
template <class Object, EventStruct E>
Reaction on(Object& object, Task<> (Object::*method)(Message, E)) {
    return {&E::event, bus::Subscription::Kind::shared, [&object, method](bus::EventRecord record) {
                return detail::react(object, method, std::move(record));
            }};
}

/// As `on`, for what every replica must see: caches, revocations, search indexes.
template <class Object, EventStruct E>
Reaction on_every_replica(Object& object, Task<> (Object::*method)(Message, E)) {
    Reaction reaction = on(object, method);
    reaction.kind = bus::Subscription::Kind::observed;
    return reaction;
}

} // namespace backline
