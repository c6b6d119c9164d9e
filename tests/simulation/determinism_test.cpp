// At stake: a failure that cannot be replayed, and with it every other finding of the simulator.
// Tested by running whole histories twice and comparing the hash of everything that happened in them.

#include "tests/simulation/world.hpp"

#include <gtest/gtest.h>

#include <set>

namespace backline::simulation {

namespace {

std::uint64_t history_of(std::uint64_t seed) {
    World world(seed);
    const std::vector<std::string> violations = world.run();
    EXPECT_TRUE(violations.empty());
    return world.loop().trace_hash();
}

} // namespace

TEST(Simulation, tells_the_same_history_for_the_same_seed) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const std::uint64_t first = history_of(seed);
        const std::uint64_t second = history_of(seed);
        EXPECT_EQ(first, second);
    }
}

TEST(Simulation, tells_another_history_for_another_seed) {
    std::set<std::uint64_t> histories;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) histories.insert(history_of(seed));
    EXPECT_EQ(histories.size(), 20U);
}

} // namespace backline::simulation
