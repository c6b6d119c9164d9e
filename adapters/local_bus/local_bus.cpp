#include "adapters/local_bus/local_bus.hpp"

#include "platform/base/invariant.hpp"
#include "platform/base/problem.hpp"
#include "platform/bus/attempt.hpp"

#include <algorithm>

namespace backline::local_bus {

using bus::EventRecord;
using bus::Subscription;

namespace {

constexpr std::size_t parked_max = 10'000;

auto find(
    const std::vector<store::Parked>& parked,
    const std::string& event_id,
    const std::string& subscriber
) {
    return std::ranges::find_if(parked, [&](const store::Parked& one) {
        return one.event.id == event_id && one.subscriber == subscriber;
    });
}

bool wants(const Subscription& subscription, const std::string& type) {
    return std::ranges::find(subscription.types, type) != subscription.types.end();
}

} // namespace

LocalBus::LocalBus(Runtime& runtime, store::ParkingLot& lot, Settings settings)
    : runtime_(runtime)
    , lot_(lot)
    , settings_(std::move(settings))
    , suspects_(runtime, 1) {}

void LocalBus::subscribe(Subscription subscription) {
    INVARIANT(subscription.handle != nullptr, subscription.subscriber + " has a handler");
    const std::size_t in_flight_max = subscription.in_flight_max;
    consumers_.push_back({std::move(subscription), Permits(runtime_, in_flight_max)});
}

/// Nothing is missed while the process runs, so an observer catches up once.
Task<> LocalBus::start() {
    for (Consumer& consumer : consumers_) co_await bus::catch_up(consumer.subscription);
}

Task<> LocalBus::publish(EventRecord event, bool redelivered) {
    std::vector<Consumer*> shared;
    for (Consumer& consumer : consumers_) {
        if (!wants(consumer.subscription, event.type)) continue;
        if (consumer.subscription.kind == Subscription::Kind::shared) {
            shared.push_back(&consumer);
        } else {
            deliveries_.spawn(observe(consumer, event));
        }
    }
    Fanout fanout{event, redelivered, shared.size(), Signal(runtime_)};
    for (Consumer* consumer : shared) deliveries_.spawn(deliver(*consumer, fanout));
    while (fanout.open > 0) co_await fanout.done;
    if (fanout.failure) std::rethrow_exception(fanout.failure);
}

Task<> LocalBus::deliver(Consumer& consumer, Fanout& fanout) {
    ++consumer.open;
    try {
        co_await deliver_until_parked(consumer, fanout);
    } catch (const Unavailable&) {
        // The lot could not keep count: the outbox keeps the event, the relay comes again.
        fanout.failure = std::current_exception();
    }
    --consumer.open;
    --fanout.open;
    fanout.done.notify();
}

Task<> LocalBus::deliver_until_parked(Consumer& consumer, Fanout& fanout) {
    Delivery delivery{consumer, fanout};
    if (fanout.redelivered) {
        const std::string subscriber = consumer.subscription.subscriber;
        delivery.attempts = co_await lot_.attempts(fanout.event.id, subscriber);
        delivery.suspect = delivery.attempts > 0;
    }
    while (delivery.attempts < consumer.subscription.attempts_max) {
        if (!delivery.reason.empty()) co_await pause_after(delivery.attempts);
        const bool handled = co_await attempt(delivery);
        if (handled) co_return;
    }
    co_await park(delivery);
}

/// A process may have died between parking and settling; what it wrote then is better than what is known now.
Task<> LocalBus::park(Delivery& delivery) {
    const EventRecord& event = delivery.fanout.event;
    const std::string& subscriber = delivery.consumer.subscription.subscriber;
    if (delivery.reason.empty()) {
        const std::vector<store::Parked> known = co_await lot_.parked(parked_max);
        if (find(known, event.id, subscriber) != known.end()) co_return;
        delivery.reason = "the process ended while it was being handled, again and again";
    }
    const Instant now = runtime_.now().utc;
    const store::Parked parked{event, subscriber, delivery.attempts, delivery.reason, now};
    co_await lot_.park(parked);
    if (settings_.on_parked) settings_.on_parked(parked);
}

/// What was being tried when a process died is suspected of it, and is tried with no other suspect beside it: so the
/// one that kills is counted, and not the others that happen to die with it.
Task<bool> LocalBus::attempt(Delivery& delivery) {
    if (delivery.suspect) co_await suspects_.take();
    co_await delivery.consumer.permits.take();
    bool handled = false;
    std::exception_ptr lot_away;
    try {
        handled = co_await attempt_counted(delivery);
    } catch (const Unavailable&) {
        lot_away = std::current_exception();
    }
    delivery.consumer.permits.give_back();
    if (delivery.suspect) suspects_.give_back();
    if (lot_away) std::rethrow_exception(lot_away);
    co_return handled;
}

/// Counts before it tries, wherever there was trouble: it may kill the process. What was handled while others are still
/// at it is innocent of what becomes of them.
Task<bool> LocalBus::attempt_counted(Delivery& delivery) {
    const bool counted = delivery.fanout.redelivered || delivery.attempts > 0;
    ++delivery.attempts;
    if (counted) co_await note(delivery, delivery.attempts);
    const std::exception_ptr failure =
        co_await bus::attempt(delivery.consumer.subscription, delivery.fanout.event);
    if (failure) delivery.reason = bus::reason_of(failure);
    if (counted && !failure && delivery.fanout.open > 1) co_await note(delivery, 0);
    co_return !failure;
}

Task<> LocalBus::note(Delivery& delivery, int attempts) {
    const std::string subscriber = delivery.consumer.subscription.subscriber;
    return lot_.note_attempts(delivery.fanout.event.id, subscriber, attempts);
}

Task<> LocalBus::observe(Consumer& consumer, EventRecord event) {
    co_await consumer.permits.take();
    co_await bus::attempt(consumer.subscription, std::move(event));
    consumer.permits.give_back();
}

/// In short turns, so that a stop is noticed.
Task<> LocalBus::pause_after(int attempts) {
    constexpr Duration turn{200};
    const Monotonic end = runtime_.now().monotonic + pause_for(attempts);
    while (!stopping_ && runtime_.now().monotonic < end) {
        co_await sleep_until(runtime_, std::min(runtime_.now().monotonic + turn, end));
    }
    if (stopping_) throw Unavailable(Unavailable::Outcome::not_done, "the bus has stopped");
}

Duration LocalBus::pause_for(int attempts) const {
    const Duration grown = settings_.retry_first * (1 << std::min(attempts - 1, 20));
    const Duration pause = std::min(grown, settings_.retry_max);
    const auto jitter = runtime_.random() % static_cast<std::uint64_t>(pause.count() / 2 + 1);
    return pause - Duration{static_cast<std::int64_t>(jitter)};
}

Task<std::vector<bus::Bus::Depth>> LocalBus::depths() {
    std::vector<Depth> depths;
    for (const Consumer& consumer : consumers_) {
        if (consumer.subscription.kind != Subscription::Kind::shared) continue;
        depths.push_back({consumer.subscription.subscriber, consumer.open});
    }
    co_return depths;
}

Task<std::vector<store::Parked>> LocalBus::parked(std::size_t limit) {
    return lot_.parked(limit);
}

Task<> LocalBus::replay(std::string event_id, std::string subscriber) {
    const std::vector<store::Parked> parked = co_await lot_.parked(parked_max);
    const auto found = find(parked, event_id, subscriber);
    if (found == parked.end()) {
        throw Unavailable(Unavailable::Outcome::not_done, "nothing is parked under " + event_id);
    }
    const auto consumer = std::ranges::find_if(consumers_, [&](const Consumer& one) {
        return one.subscription.subscriber == subscriber;
    });
    if (consumer == consumers_.end()) {
        throw Unavailable(
            Unavailable::Outcome::not_done, "nobody here subscribes as " + subscriber
        );
    }
    co_await consumer->permits.take();
    const std::exception_ptr failure = co_await bus::attempt(consumer->subscription, found->event);
    consumer->permits.give_back();
    if (failure) std::rethrow_exception(failure);
    co_await lot_.unpark(event_id, subscriber);
}

} // namespace backline::local_bus
