// At stake: a message acked too early is lost, one charged for another's crime is parked, one never given up is a loop.
// How: the decisions without a broker, as tables: what becomes of a message, what a confirm settles, how pauses grow.
#include "adapters/rabbitmq/backoff.hpp"
#include "adapters/rabbitmq/confirms.hpp"
#include "adapters/rabbitmq/verdict.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace backline::rabbitmq {
namespace {

TEST(Verdict, of_a_message_that_arrives) {
    struct Row {
        Arrival arrival;
        Verdict verdict;
        int attempts;
    };

    const std::vector<Row> rows{
        // From the common queue: what came back is suspected, whoever was to blame, and never charged.
        {{false, 0, 0}, Verdict::handle, 0},
        {{false, 3, 0}, Verdict::handle, 3},
        {{false, 0, 1}, Verdict::set_aside, 0},
        {{false, 3, 90}, Verdict::set_aside, 3},
        {{false, 4, 0}, Verdict::park, 4},
        {{false, 4, 1}, Verdict::park, 4},
        // From the suspects: each delivery was a try.
        {{true, 0, 0}, Verdict::handle, 0},
        {{true, 0, 3}, Verdict::handle, 3},
        {{true, 0, 4}, Verdict::park, 4},
        {{true, 3, 0}, Verdict::handle, 3},
        {{true, 3, 1}, Verdict::park, 4},
    };
    for (const Row& row : rows) {
        const Arrival& arrival = row.arrival;
        const testing::ScopedTrace trace(
            __FILE__,
            __LINE__,
            "attempts " + std::to_string(arrival.attempts) + ", deliveries " +
                std::to_string(arrival.deliveries)
        );
        EXPECT_EQ(on_arrival(arrival, 4), row.verdict);
        EXPECT_EQ(attempts_of(arrival), row.attempts);
    }
}

TEST(Verdict, of_a_message_that_failed) {
    EXPECT_EQ(on_failure(1, 4), Verdict::retry);
    EXPECT_EQ(on_failure(3, 4), Verdict::retry);
    EXPECT_EQ(on_failure(4, 4), Verdict::park);
    EXPECT_EQ(on_failure(1, 1), Verdict::park);
}

using Outcome = Settled::Outcome;

std::map<Ticket, Outcome> outcomes(const std::vector<Settled>& settled) {
    std::map<Ticket, Outcome> found;
    for (const Settled& one : settled) found[one.ticket] = one.outcome;
    return found;
}

/// Tickets 11, 12, 13 sent as numbers 1, 2, 3.
Confirms three_sent() {
    Confirms confirms;
    confirms.sent(11, "a");
    confirms.sent(12, "b");
    confirms.sent(13, "c");
    return confirms;
}

using Expected = std::map<Ticket, Outcome>;

TEST(Confirms, settle_one_or_all_up_to_a_number) {
    Confirms confirms = three_sent();
    EXPECT_EQ(outcomes(confirms.confirmed(2, false, true)), (Expected{{12, Outcome::taken}}));
    EXPECT_EQ(
        outcomes(confirms.confirmed(3, true, true)),
        (Expected{{11, Outcome::taken}, {13, Outcome::taken}})
    );
    EXPECT_EQ(confirms.open(), 0U);
}

TEST(Confirms, settle_nothing_twice) {
    Confirms confirms = three_sent();
    EXPECT_EQ(confirms.confirmed(1, false, true).size(), 1U);
    EXPECT_TRUE(confirms.confirmed(1, false, true).empty());
    EXPECT_TRUE(confirms.confirmed(9, false, true).empty());
    EXPECT_EQ(confirms.open(), 2U);
}

TEST(Confirms, take_a_returned_message_for_not_done_although_it_is_acked) {
    Confirms confirms = three_sent();
    confirms.returned("b");
    EXPECT_EQ(
        outcomes(confirms.confirmed(3, true, true)),
        (Expected{{11, Outcome::taken}, {12, Outcome::not_done}, {13, Outcome::taken}})
    );
}

TEST(Confirms, let_a_return_count_for_every_message_that_it_may_mean) {
    Confirms confirms;
    confirms.sent(1, "a");
    confirms.sent(2, "a");
    confirms.returned("a");
    EXPECT_EQ(
        outcomes(confirms.confirmed(2, true, true)),
        (Expected{{1, Outcome::not_done}, {2, Outcome::not_done}})
    );
}

TEST(Confirms, take_a_nack_for_unknown) {
    Confirms confirms = three_sent();
    EXPECT_EQ(outcomes(confirms.confirmed(1, false, false)), (Expected{{11, Outcome::unknown}}));
}

TEST(Confirms, know_nothing_of_what_was_open_when_the_channel_went) {
    Confirms confirms = three_sent();
    EXPECT_EQ(confirms.confirmed(1, false, true).size(), 1U);
    EXPECT_EQ(
        outcomes(confirms.lost("gone")), (Expected{{12, Outcome::unknown}, {13, Outcome::unknown}})
    );
    confirms.sent(14, "d"); // The next channel counts from one.
    EXPECT_EQ(outcomes(confirms.confirmed(1, false, true)), (Expected{{14, Outcome::taken}}));
}

TEST(Backoff, doubles_within_its_bound_and_jitter_and_begins_anew_after_a_success) {
    Backoff backoff(Duration{100}, Duration{1'000}, 7);
    for (const int full : {100, 200, 400, 800, 1'000, 1'000}) {
        const Duration pause = backoff.next();
        EXPECT_LE(pause, Duration{full});
        EXPECT_GE(pause, Duration{full / 2});
    }
    backoff.succeeded();
    EXPECT_LE(backoff.next(), Duration{100});
}

TEST(Backoff, differs_between_processes) {
    Backoff one(Duration{10'000}, Duration{10'000}, 1);
    Backoff other(Duration{10'000}, Duration{10'000}, 2);
    int equal = 0;
    for (int i = 0; i < 10; ++i) equal += one.next() == other.next() ? 1 : 0;
    EXPECT_LT(equal, 3);
}

} // namespace
} // namespace backline::rabbitmq
