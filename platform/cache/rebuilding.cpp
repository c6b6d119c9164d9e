#include "platform/cache/rebuilding.hpp"

namespace backline::cache {

Task<Entry> Rebuilding::cached(std::string key, Duration ttl, Rebuild rebuild) {
    const auto known = under_way_.find(key);
    const bool leads = known == under_way_.end();
    const auto flight = leads ? std::make_shared<Flight>(runtime_) : known->second;
    if (leads) {
        under_way_.emplace(key, flight);
        co_await fly(key, ttl, rebuild, *flight);
        const auto mine = under_way_.find(key);
        if (mine != under_way_.end() && mine->second == flight) under_way_.erase(mine);
        flight->landed.notify();
    } else {
        co_await flight->landed;
    }
    if (flight->failure) std::rethrow_exception(flight->failure);
    co_return *flight->made;
}

Task<> Rebuilding::fly(
    const std::string& key, Duration ttl, const Rebuild& rebuild, Flight& flight
) {
    flight.made = co_await cache_.get(key);
    if (flight.made) co_return;
    try {
        flight.made = co_await rebuild();
    } catch (const std::exception&) { // Forwarded to everybody who waits for this rebuild.
        flight.failure = std::current_exception();
    }
    if (flight.made) co_await cache_.put(key, *flight.made, ttl);
}

Task<> Rebuilding::outdate(std::string key, std::int64_t version) {
    under_way_.erase(key);
    co_await cache_.outdate(std::move(key), version);
}

} // namespace backline::cache
