#pragma once

#include "platform/async/task.hpp"

namespace backline::simulation {

class World;

/// One member with real tokens: logs in, uses the session and refreshes it; now and then with the same token from
/// several tabs, with a token that was used before, or after having logged out.
Task<> keep_a_session(World& world);

} // namespace backline::simulation
