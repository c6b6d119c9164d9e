#pragma once

#include "platform/async/task.hpp"

#include <string>

namespace backline::simulation {

class World;

/// Staff put goods on the shelves of two locations; resolves when every SKU has its stock.
Task<> stock_the_shelves(World& world);

/// One customer's visit: a cart, a few lines, an order, and whatever people do then: click twice, order from two tabs,
/// change their minds, wait.
Task<> shop(World& world, int number);

/// Staff at work: correct stock now and then, refund some confirmed orders.
Task<> tend(World& world);

} // namespace backline::simulation
