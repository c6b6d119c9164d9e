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
std::vector<std::string> check_mail(World& world);
std::vector<std::string> check_projections(World& world);
std::vector<std::string> check_sessions(World& world);

/// What is begun and not ended: such work goes on by itself, at a time of its own.
std::vector<std::string> open_work(World& world);

} // namespace backline::simulation
