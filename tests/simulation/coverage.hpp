#pragma once

#include "services/orders/checkout/saga.hpp"
#include "tests/simulation/faults.hpp"

#include <string>
#include <vector>

namespace backline::simulation {

/// How the tally names a row of the saga's table that was taken.
[[nodiscard]] std::string row_name(const orders::Row& row);

/// Holds many seeds together to having been somewhere: every row of the saga's table that is not `unreachable` was
/// taken, every kind of bad luck struck. Answers what was missed, a sentence each.
std::vector<std::string> check_coverage(const Tally& total);

} // namespace backline::simulation
