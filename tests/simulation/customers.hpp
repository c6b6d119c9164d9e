#pragma once

#include "platform/async/task.hpp"
#include "services/users/sessions/api.hpp"

#include <string>

namespace backline::simulation {

class World;

/// Somebody opens the shop, as a guest or with a new account. Answers who they are.
Task<std::string> arrive(World& world);

/// Somebody makes an account and logs in.
Task<users::Tokens> register_and_log_in(World& world);

/// A guest says how to be reached; of others it is known.
Task<> leave_address(World& world, std::string customer);

} // namespace backline::simulation
