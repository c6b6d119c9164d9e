// At stake: a simulation that passes because it never got to where it could fail.
// Tested by tallies of seeds that saw nothing, and everything but one row.

#include "tests/simulation/coverage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace backline::simulation {

namespace {

Tally everything_but(const std::string& missing) {
    Tally nothing;
    Tally total;
    for (const std::string& sentence : check_coverage(nothing)) {
        const std::string what = sentence.substr(0, sentence.find(':'));
        for (int i = 0; i < 10 && what != missing; ++i) total.count(what);
    }
    return total;
}

} // namespace

TEST(Coverage, is_satisfied_by_everything) {
    EXPECT_THAT(check_coverage(everything_but("nothing")), testing::IsEmpty());
}

TEST(Coverage, names_the_row_that_was_not_taken) {
    const std::vector<std::string> missed = check_coverage(everything_but("row placing given_up"));
    EXPECT_THAT(missed, testing::ElementsAre("row placing given_up: 0 times, not 10"));
}

TEST(Coverage, names_the_fault_that_never_struck) {
    const std::vector<std::string> missed = check_coverage(everything_but("publish lost"));
    EXPECT_THAT(missed, testing::ElementsAre("publish lost: 0 times, not 10"));
}

} // namespace backline::simulation
