#pragma once

#include <string>
#include <vector>

namespace backline::simulation {

class World;

/// Holds the quiet shop to the invariants of `docs/guide/invariants.md`, by their numbers. Each function answers what
/// it found wrong, a sentence each.
std::vector<std::string> check_stock(World& world);
std::vector<std::string> check_money(World& world);
std::vector<std::string> check_orders(World& world);
std::vector<std::string> check_events(World& world);

} // namespace backline::simulation
