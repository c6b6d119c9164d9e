#include "platform/bus/relay.hpp"

#include "platform/async/wait.hpp"

namespace backline::bus {

namespace {

constexpr std::size_t sweep_page = 256;

} // namespace

Relay::Relay(Runtime& runtime, store::Store& store, Bus& bus, Settings settings)
    : runtime_(runtime)
    , store_(store)
    , bus_(bus)
    , settings_(settings)
    , tasks_([](std::exception_ptr failure) { std::rethrow_exception(failure); }) {}

void Relay::start() {
    store_.on_committed([this](std::vector<EventRecord> events) { committed(std::move(events)); });
    tasks_.spawn(sweep_until_stopped());
}

Task<> Relay::stop() {
    stopping_ = true;
    co_await tasks_.join();
}

void Relay::committed(std::vector<EventRecord> events) {
    for (EventRecord& event : events) take(std::move(event), false);
}

void Relay::take(EventRecord event, bool redelivered) {
    if (stopping_ || under_way_.size() >= settings_.in_flight_max) return;
    if (!under_way_.insert(event.id).second) return;
    tasks_.spawn(publish(std::move(event), redelivered));
}

Task<> Relay::publish(EventRecord event, bool redelivered) {
    const std::string id = event.id;
    try {
        co_await bus_.publish(std::move(event), redelivered);
        store_.settle({id});
    } catch (const Unavailable&) {
        // It stays in the outbox, and a later sweep finds it there.
    }
    under_way_.erase(id);
}

Task<> Relay::sweep_until_stopped() {
    while (!stopping_) {
        try {
            co_await sweep();
        } catch (const Unavailable&) {
            // The store is away; the next sweep asks again.
        }
        co_await sleep_for(runtime_, settings_.sweep_every);
    }
}

Task<> Relay::sweep() {
    std::string after;
    while (!stopping_ && under_way_.size() < settings_.in_flight_max) {
        std::vector<store::Store::Pending> page = co_await store_.pending(after, sweep_page);
        const Instant adopt_before = runtime_.now().utc - settings_.adopt_after;
        for (store::Store::Pending& pending : page) {
            after = std::move(pending.place);
            if (pending.event.time <= adopt_before) take(std::move(pending.event), true);
        }
        if (page.size() < sweep_page) co_return;
    }
}

} // namespace backline::bus
