#pragma once

#include "platform/async/task.hpp"

#include <string_view>

namespace backline::simulation {

class World;

/// The bearer of whoever works for the shop.
inline constexpr std::string_view staff = "staff.usr_01jd8xw9b2f0aqv1e4m7k3t5nz";

/// Staff list all goods in the catalog and put them on the shelves of two locations; then, while customers shop, they
/// change prices and take goods off sale and back.
Task<> run_the_catalog(World& world);

/// Staff correct stock now and then.
Task<> tend(World& world);

} // namespace backline::simulation
