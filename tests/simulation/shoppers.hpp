#pragma once

#include "platform/async/task.hpp"

namespace backline::simulation {

class World;

/// One customer's visit: a cart, a few lines, an order, and whatever people do then: click twice, order from two tabs,
/// change their minds, wait.
Task<> shop(World& world, int number);

} // namespace backline::simulation
