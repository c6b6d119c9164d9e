// At stake: a WAL that is never folded fills the disk; one folded too eagerly costs an fsync per commit.
// How: the policy alone, told of transactions and checkpoints.
#include "adapters/sqlite/checkpoints.hpp"

#include <gtest/gtest.h>

namespace backline::sqlite {
namespace {

using Step = Checkpoints::Step;

constexpr Checkpoints::Limits limits{.step_frames = 10, .bound_frames = 100, .truncate_frames = 50};

TEST(Checkpoints, has_nothing_to_do_at_first) {
    const Checkpoints checkpoints(limits);
    EXPECT_EQ(checkpoints.after_group(), Step::none);
    EXPECT_EQ(checkpoints.when_idle(), Step::none);
}

TEST(Checkpoints, takes_a_step_when_enough_has_gathered) {
    Checkpoints checkpoints(limits);
    checkpoints.committed(9, 9);
    EXPECT_EQ(checkpoints.after_group(), Step::none);
    checkpoints.committed(10, 1);
    EXPECT_EQ(checkpoints.after_group(), Step::passive);
    checkpoints.moved(10, 10);
    EXPECT_EQ(checkpoints.after_group(), Step::none);
}

TEST(Checkpoints, counts_from_what_a_reader_let_it_move) {
    Checkpoints checkpoints(limits);
    checkpoints.committed(10, 10);
    checkpoints.moved(10, 4);
    EXPECT_EQ(checkpoints.ahead(), 6);
    checkpoints.committed(14, 4);
    EXPECT_EQ(checkpoints.after_group(), Step::passive);
}

TEST(Checkpoints, notices_that_the_wal_started_over) {
    Checkpoints checkpoints(limits);
    checkpoints.committed(5, 5);
    checkpoints.moved(5, 5);
    checkpoints.committed(7, 7);
    EXPECT_EQ(checkpoints.ahead(), 7);
}

TEST(Checkpoints, waits_for_readers_when_the_wal_passed_its_bound) {
    Checkpoints checkpoints(limits);
    checkpoints.committed(100, 100);
    EXPECT_EQ(checkpoints.after_group(), Step::restart);
}

TEST(Checkpoints, moves_the_rest_when_idle_and_gives_space_back_only_if_there_is_much) {
    Checkpoints checkpoints(limits);
    checkpoints.committed(3, 3);
    EXPECT_EQ(checkpoints.when_idle(), Step::passive);
    checkpoints.moved(3, 3);
    EXPECT_EQ(checkpoints.when_idle(), Step::none);
    checkpoints.committed(51, 51);
    checkpoints.moved(51, 51);
    EXPECT_EQ(checkpoints.when_idle(), Step::truncate);
    checkpoints.moved(0, 0);
    EXPECT_EQ(checkpoints.when_idle(), Step::none);
}

} // namespace
} // namespace backline::sqlite
