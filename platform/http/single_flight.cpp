#include "platform/http/single_flight.hpp"

namespace backline::http {

Task<Handled> SingleFlight::make(std::string key, Freshness fresh, Make make) {
    const auto known = under_way_.find(key);
    const bool joins = known != under_way_.end() && known->second->fresh.holds();
    const auto flight = joins ? known->second : std::make_shared<Flight>(runtime_, fresh);
    if (joins) {
        co_await flight->landed;
    } else {
        under_way_.insert_or_assign(key, flight);
        co_await lead(key, make, flight);
    }
    if (flight->failure) std::rethrow_exception(flight->failure);
    co_return *flight->made;
}

Task<> SingleFlight::lead(
    const std::string& key, const Make& make, std::shared_ptr<Flight> flight
) {
    try {
        flight->made = co_await make();
    } catch (...) { // Whatever a handler throws: forwarded to everybody who waits for it.
        flight->failure = std::current_exception();
    }
    const auto mine = under_way_.find(key);
    if (mine != under_way_.end() && mine->second == flight) under_way_.erase(mine);
    flight->landed.notify();
}

std::string page_named(const Request& request) {
    std::string name = request.path;
    for (const auto& [parameter, value] : request.query) {
        name += '\n' + parameter + '\n' + value;
    }
    return name;
}

} // namespace backline::http
