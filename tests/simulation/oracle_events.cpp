#include "tests/simulation/oracles.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace backline::simulation {

std::vector<std::string> check_events(World& world) {
    std::vector<std::string> found;
    std::map<std::string, std::set<std::int64_t>> sequences;
    for (const auto& [id, event] : world.broker().seen()) {
        const std::string aggregate = id.substr(0, id.rfind('/'));
        sequences[aggregate].insert(event.sequence);
    }
    for (const auto& [aggregate, numbers] : sequences) {
        const bool gapless =
            *numbers.begin() == 1 && *numbers.rbegin() == static_cast<std::int64_t>(numbers.size());
        if (!gapless) {
            found.push_back(fmt::format("inv 26: the events of {} have a gap", aggregate));
        }
    }
    for (const store::Parked& parked : world.broker().parked()) {
        found.push_back(fmt::format(
            "inv 27: {} was parked for {}: {}", parked.event.id, parked.subscriber, parked.reason
        ));
    }
    return found;
}

} // namespace backline::simulation
