#include "adapters/local_bus/local_bus.hpp"

#include "platform/base/problem.hpp"

#include <algorithm>

namespace backline::local_bus {

using bus::EventRecord;
using bus::Subscription;

namespace {

bool wants(const Subscription& subscription, const std::string& type) {
    return std::ranges::find(subscription.types, type) != subscription.types.end();
}

} // namespace

LocalBus::LocalBus(Runtime& runtime, store::ParkingLot& lot, Settings settings)
    : runtime_(runtime)
    , lot_(lot)
    , settings_(settings)
    , deliveries_([](std::exception_ptr failure) { std::rethrow_exception(failure); }) {}

void LocalBus::subscribe(Subscription subscription) {
    const std::size_t in_flight_max = subscription.in_flight_max;
    consumers_.push_back({std::move(subscription), Permits(runtime_, in_flight_max)});
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
    try {
        co_await deliver_until_parked(consumer, fanout);
    } catch (const Unavailable&) {
        // The lot could not keep count: the outbox keeps the event, the relay comes again.
        fanout.failure = std::current_exception();
    }
    --fanout.open;
    fanout.done.notify();
}

Task<> LocalBus::deliver_until_parked(Consumer& consumer, Fanout& fanout) {
    const EventRecord& event = fanout.event;
    const std::string subscriber = consumer.subscription.subscriber;
    int attempts = 0;
    if (fanout.redelivered) attempts = co_await lot_.attempts(event.id, subscriber);
    while (true) {
        ++attempts;
        // Counted before it is tried, wherever there was trouble: it may kill the process.
        if (fanout.redelivered || attempts > 1) {
            co_await lot_.note_attempts(event.id, subscriber, attempts);
        }
        std::string reason;
        const bool handled = co_await attempt(consumer, event, reason);
        if (handled) co_return;
        if (attempts >= consumer.subscription.attempts_max) {
            store::Parked parked{event, subscriber, attempts, reason, runtime_.now().utc};
            co_await lot_.park(std::move(parked));
            co_return;
        }
        co_await sleep_for(runtime_, pause_after(attempts));
    }
}

Task<bool> LocalBus::attempt(Consumer& consumer, EventRecord event, std::string& reason) {
    co_await consumer.permits.take();
    bool handled = false;
    try {
        co_await consumer.subscription.handle(std::move(event));
        handled = true;
    } catch (const std::exception& failure) {
        reason = failure.what();
    }
    consumer.permits.give_back();
    co_return handled;
}

Task<> LocalBus::observe(Consumer& consumer, EventRecord event) {
    std::string ignored;
    co_await attempt(consumer, std::move(event), ignored);
}

Duration LocalBus::pause_after(int attempts) const {
    const Duration grown = settings_.retry_first * (1 << std::min(attempts - 1, 20));
    const Duration pause = std::min(grown, settings_.retry_max);
    const auto jitter = runtime_.random() % static_cast<std::uint64_t>(pause.count() / 2 + 1);
    return pause - Duration{static_cast<std::int64_t>(jitter)};
}

Task<std::vector<store::Parked>> LocalBus::parked(std::size_t limit) {
    return lot_.parked(limit);
}

Task<> LocalBus::replay(std::string event_id, std::string subscriber) {
    const std::vector<store::Parked> parked = co_await lot_.parked(10'000);
    const auto found = std::ranges::find_if(parked, [&](const store::Parked& one) {
        return one.event.id == event_id && one.subscriber == subscriber;
    });
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
    co_await consumer->subscription.handle(found->event);
    co_await lot_.unpark(event_id, subscriber);
}

} // namespace backline::local_bus
