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
    , settings_(settings) {}

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
    if (stopping_ || under_way_.contains(event.id) || settled_.contains(event.id)) return;
    if (full()) {
        behind_ = true;
        return;
    }
    under_way_.insert(event.id);
    tasks_.spawn(publish(std::move(event), redelivered));
}

Task<> Relay::publish(EventRecord event, bool redelivered) {
    const std::string id = event.id;
    try {
        co_await bus_.publish(std::move(event), redelivered);
        store_.settle({id});
        if (sweeping_) settled_.insert(id);
    } catch (const Unavailable&) {
        // It stays in the outbox, and a later sweep finds it there.
        under_way_.erase(id);
        co_return;
    }
    under_way_.erase(id);
    // Only where the bus does take events: one that is away is asked again at the next regular sweep.
    const bool room = under_way_.size() <= settings_.in_flight_max / 2;
    if (behind_ && room && !sweeping_ && !stopping_) tasks_.spawn(sweep());
}

Task<> Relay::sweep_until_stopped() {
    while (!stopping_) {
        if (!sweeping_) co_await sweep();
        co_await sleep_for(runtime_, settings_.sweep_every);
    }
}

Task<> Relay::sweep() {
    sweeping_ = true;
    behind_ = false;
    try {
        co_await adopt();
    } catch (const Unavailable&) {
        // The store is away; the next sweep asks again.
    }
    sweeping_ = false;
    settled_.clear();
}

Task<> Relay::adopt() {
    std::map<std::string, Monotonic> seen;
    std::string after;
    while (!stopping_ && !full()) {
        // What is settled from here on may still be on the page.
        settled_.clear();
        std::vector<store::Store::Pending> page = co_await store_.pending(after, sweep_page);
        for (store::Store::Pending& pending : page) {
            after = std::move(pending.place);
            if (old_enough(pending.event.id, seen)) take(std::move(pending.event), true);
        }
        if (page.empty()) {
            seen_ = std::move(seen);
            co_return;
        }
    }
    behind_ = true;
    remember(std::move(seen));
}

/// A sweep that found no room has seen only a part; what lies behind it keeps its age.
void Relay::remember(std::map<std::string, Monotonic> seen) {
    seen_.merge(seen);
    const Monotonic now = runtime_.now().monotonic;
    std::erase_if(seen_, [&](const auto& one) {
        return one.second + 4 * settings_.adopt_after < now; // Settled by another, most likely.
    });
}

/// Clocks of two machines cannot be compared, so an event's own time says nothing about its age here.
bool Relay::old_enough(const std::string& event_id, std::map<std::string, Monotonic>& seen) {
    if (settings_.adopt_after == Duration{0}) return true;
    const Monotonic now = runtime_.now().monotonic;
    const auto known = seen_.find(event_id);
    const Monotonic first = known == seen_.end() ? now : known->second;
    seen.emplace(event_id, first);
    return first + settings_.adopt_after <= now;
}

} // namespace backline::bus
