#pragma once

#include "adapters/mongo/settings.hpp"

namespace backline::mongo {

/// Makes the replica set that the URL names, of the members that it lists, and its user, with the rights that the shop
/// needs; what is there already stays. Runs where `localhost` is the first of these members: until there is a user, a
/// member takes commands from its own machine only. Blocks the caller, two minutes at most. Throws `Unusable`.
void make_replica_set(const Settings& settings);

} // namespace backline::mongo
