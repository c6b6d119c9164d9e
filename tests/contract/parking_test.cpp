// At stake: a message that failed must be found again with its reason, and one that kills the process must be counted.
// How: attempts and parked messages written, replaced, listed, taken off, and looked for after a restart.
#include "tests/contract/store_contract.hpp"

namespace backline::contract {
namespace {

using store::EventRecord;
using store::Parked;

EventRecord event_of(const std::string& id) {
    return {
        .id = id,
        .source = "contract",
        .type = "backline.contract.happened.v1",
        .subject = "subject \xF0\x9F\x8E\xB8",
        .epoch = 2,
        .sequence = 7,
        .time = Instant{Duration{1'700'000'000'123}},
        .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        .data = "{\"a\":1}",
    };
}

Parked parked_at(const std::string& id, const std::string& subscriber, std::int64_t at) {
    return {event_of(id), subscriber, 8, "the reason", Instant{Duration{at}}};
}

std::vector<std::string> names(const std::vector<Parked>& parked) {
    std::vector<std::string> found;
    for (const Parked& one : parked) found.push_back(one.event.id + " for " + one.subscriber);
    return found;
}

TEST_P(ParkingContract, counts_no_attempts_at_first) {
    EXPECT_EQ(run(setup().lot()->attempts("e/1", "orders")), 0);
}

TEST_P(ParkingContract, remembers_attempts_of_each_subscriber_across_a_restart) {
    run(setup().lot()->note_attempts("e/1", "orders", 1));
    run(setup().lot()->note_attempts("e/1", "orders", 2));
    run(setup().lot()->note_attempts("e/1", "payments", 5));
    restart();
    EXPECT_EQ(run(setup().lot()->attempts("e/1", "orders")), 2);
    EXPECT_EQ(run(setup().lot()->attempts("e/1", "payments")), 5);
    EXPECT_EQ(run(setup().lot()->attempts("e/1", "users")), 0);
    EXPECT_EQ(run(setup().lot()->attempts("e/11", "orders")), 0);
}

TEST_P(ParkingContract, forgets_attempts_when_the_event_is_settled) {
    put({.id = "a"}, {.events = 2});
    run(setup().lot()->note_attempts("contract.things/a/1", "orders", 3));
    run(setup().lot()->note_attempts("contract.things/a/2", "orders", 4));
    store().settle({"contract.things/a/1"});
    put({.id = "b"});
    restart();
    EXPECT_EQ(run(setup().lot()->attempts("contract.things/a/1", "orders")), 0);
    EXPECT_EQ(run(setup().lot()->attempts("contract.things/a/2", "orders")), 4);
}

TEST_P(ParkingContract, keeps_a_parked_message_to_the_last_field_across_a_restart) {
    const Parked sent = parked_at("e/1", "orders", 1'700'000'000'500);
    run(setup().lot()->park(sent));
    restart();
    const std::vector<Parked> parked = run(setup().lot()->parked(10));
    ASSERT_EQ(parked.size(), 1U);
    EXPECT_EQ(parked[0].subscriber, "orders");
    EXPECT_EQ(parked[0].attempts, 8);
    EXPECT_EQ(parked[0].reason, "the reason");
    EXPECT_EQ(parked[0].parked_at, sent.parked_at);
    const EventRecord& event = parked[0].event;
    EXPECT_EQ(event.id, sent.event.id);
    EXPECT_EQ(event.source, sent.event.source);
    EXPECT_EQ(event.type, sent.event.type);
    EXPECT_EQ(event.subject, sent.event.subject);
    EXPECT_EQ(event.epoch, sent.event.epoch);
    EXPECT_EQ(event.sequence, sent.event.sequence);
    EXPECT_EQ(event.time, sent.event.time);
    EXPECT_EQ(event.traceparent, sent.event.traceparent);
    EXPECT_EQ(event.data, sent.event.data);
}

TEST_P(ParkingContract, lists_by_the_time_of_parking_up_to_the_limit) {
    run(setup().lot()->park(parked_at("e/2", "orders", 20)));
    run(setup().lot()->park(parked_at("e/3", "orders", 30)));
    run(setup().lot()->park(parked_at("e/1", "orders", 10)));
    run(setup().lot()->park(parked_at("e/1", "payments", 40)));
    const std::vector<std::string> expected{
        "e/1 for orders", "e/2 for orders", "e/3 for orders", "e/1 for payments"
    };
    EXPECT_EQ(names(run(setup().lot()->parked(10))), expected);
    EXPECT_EQ(run(setup().lot()->parked(2)).size(), 2U);
    EXPECT_EQ(names(run(setup().lot()->parked(1))), std::vector<std::string>{"e/1 for orders"});
}

TEST_P(ParkingContract, replaces_what_it_knew_of_a_message_parked_again) {
    run(setup().lot()->park(parked_at("e/1", "orders", 10)));
    Parked again = parked_at("e/1", "orders", 20);
    again.reason = "another reason";
    again.attempts = 9;
    run(setup().lot()->park(again));
    const std::vector<Parked> parked = run(setup().lot()->parked(10));
    ASSERT_EQ(parked.size(), 1U);
    EXPECT_EQ(parked[0].reason, "another reason");
    EXPECT_EQ(parked[0].attempts, 9);
    EXPECT_EQ(parked[0].parked_at, again.parked_at);
}

TEST_P(ParkingContract, takes_off_one_message_for_good) {
    run(setup().lot()->park(parked_at("e/1", "orders", 10)));
    run(setup().lot()->park(parked_at("e/1", "payments", 11)));
    run(setup().lot()->park(parked_at("e/2", "orders", 12)));
    run(setup().lot()->unpark("e/1", "orders"));
    run(setup().lot()->unpark("e/1", "orders"));
    run(setup().lot()->unpark("e/9", "nobody"));
    restart();
    const std::vector<std::string> expected{"e/1 for payments", "e/2 for orders"};
    EXPECT_EQ(names(run(setup().lot()->parked(10))), expected);
}

TEST_P(ParkingContract, keeps_a_message_parked_after_its_event_was_settled) {
    put({.id = "a"}, {.events = 1});
    Parked parked = parked_at("contract.things/a/1", "orders", 10);
    run(setup().lot()->park(parked));
    store().settle({"contract.things/a/1"});
    put({.id = "b"});
    restart();
    EXPECT_EQ(run(setup().lot()->parked(10)).size(), 1U);
}

} // namespace
} // namespace backline::contract
