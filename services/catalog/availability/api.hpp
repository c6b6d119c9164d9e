#pragma once

#include "platform/base/bounded.hpp"

/// What crosses HTTP about availability.
namespace backline::catalog {

/// What customers are shown: never more than ten, so that a page changes only when it matters, and nobody reads a
/// competitor's sales off it.
using ShownUnits = Bounded<int, 0, 10>;

} // namespace backline::catalog
