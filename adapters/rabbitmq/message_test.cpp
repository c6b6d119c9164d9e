// At stake: an event that crosses the broker must arrive to the last byte, and a parked one must say why it is there.
// How: events to messages and back, messages of strangers, and what the broker makes of one that it gives up.
#include "adapters/rabbitmq/message.hpp"
#include "adapters/rabbitmq/topology.hpp"

#include <gtest/gtest.h>

namespace backline::rabbitmq {
namespace {

store::EventRecord placed() {
    return {
        .id = "orders.orders/ord_1/3",
        .source = "orders",
        .type = "backline.orders.order_placed.v1",
        .subject = "ord_1 \xF0\x9F\x8E\xB8",
        .epoch = 2,
        .sequence = 9'007'199'254'740'993, // Beyond what a double holds: clients in JavaScript.
        .time = Instant{Duration{1'700'000'000'123}},
        .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        .data = "{\"a\": 1.0}",
    };
}

TEST(RabbitMessage, carries_every_field_of_an_event) {
    const store::EventRecord sent = placed();
    const store::EventRecord event = to_copy(to_message({sent})).event;
    EXPECT_EQ(event.id, sent.id);
    EXPECT_EQ(event.source, sent.source);
    EXPECT_EQ(event.type, sent.type);
    EXPECT_EQ(event.subject, sent.subject);
    EXPECT_EQ(event.epoch, sent.epoch);
    EXPECT_EQ(event.sequence, sent.sequence);
    EXPECT_EQ(event.time, sent.time);
    EXPECT_EQ(event.traceparent, sent.traceparent);
    EXPECT_EQ(event.data, sent.data);
}

TEST(RabbitMessage, is_a_cloud_event_in_binary_mode) {
    const Message message = to_message({placed()});
    const Headers expected{
        {"cloudEvents:specversion", "1.0"},
        {"cloudEvents:id", "orders.orders/ord_1/3"},
        {"cloudEvents:source", "orders"},
        {"cloudEvents:type", "backline.orders.order_placed.v1"},
        {"cloudEvents:subject", "ord_1 \xF0\x9F\x8E\xB8"},
        {"cloudEvents:time", "2023-11-14T22:13:20.123Z"},
        {"cloudEvents:sequence", "9007199254740993"},
        {"cloudEvents:epoch", "2"},
        {"cloudEvents:traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
    };
    EXPECT_EQ(message.headers, expected);
    EXPECT_EQ(message.id, "orders.orders/ord_1/3");
    EXPECT_EQ(message.body, "{\"a\": 1.0}");
}

TEST(RabbitMessage, carries_what_became_of_a_copy) {
    const Copy sent{placed(), 3, "no stock", Instant{Duration{1'700'000'000'500}}};
    const Message message = to_message(sent);
    EXPECT_EQ(std::get<std::int64_t>(message.headers.at("backline-attempts")), 3);
    const Copy copy = to_copy(message);
    EXPECT_EQ(copy.attempts, 3);
    EXPECT_EQ(copy.reason, "no stock");
    EXPECT_EQ(copy.parked_at, sent.parked_at);
}

TEST(RabbitMessage, keeps_an_id_that_is_too_long_for_the_property) {
    store::EventRecord event = placed();
    event.id = std::string(300, 'x');
    const Message message = to_message({event});
    EXPECT_EQ(message.id.size(), 255U);
    EXPECT_EQ(to_copy(message).event.id, event.id);
}

TEST(RabbitMessage, cuts_a_long_reason_between_characters) {
    Copy copy{placed(), 1};
    copy.reason = std::string(1'023, 'x') + "\xC3\xA4 and more";
    EXPECT_EQ(to_copy(to_message(copy)).reason, std::string(1'023, 'x') + "…");
}

TEST(RabbitMessage, makes_something_of_a_strangers_message) {
    const Message message{
        "m1", {{"backline-attempts", "many"}, {"x-delivery-count", std::int64_t{-1}}}, "\xFF"
    };
    const Copy copy = to_copy(message);
    EXPECT_EQ(copy.event.id, "m1");
    EXPECT_EQ(copy.event.type, "");
    EXPECT_EQ(copy.event.data, "\xFF");
    EXPECT_EQ(copy.attempts, 0);
    EXPECT_EQ(deliveries_before(message), 0);
}

TEST(RabbitMessage, reads_how_often_the_broker_gave_it_out) {
    EXPECT_EQ(deliveries_before({"m", {{"x-delivery-count", std::int64_t{7}}}}), 7);
    EXPECT_EQ(deliveries_before({"m"}), 0);
}

TEST(RabbitMessage, tells_of_a_parked_message_what_was_noted_in_it) {
    const Instant parked_at{Duration{1'700'000'000'500}};
    const store::Parked parked =
        to_parked(to_message({placed(), 8, "no stock", parked_at}), "payments");
    EXPECT_EQ(parked.event.id, "orders.orders/ord_1/3");
    EXPECT_EQ(parked.subscriber, "payments");
    EXPECT_EQ(parked.attempts, 8);
    EXPECT_EQ(parked.reason, "no stock");
    EXPECT_EQ(parked.parked_at, parked_at);
}

TEST(RabbitMessage, tells_of_a_message_that_the_broker_gave_up) {
    Message message = to_message({placed(), 2, "no stock"});
    message.headers[death_reason_header] = "delivery_limit";
    message.headers[death_time_header] = std::int64_t{1'700'000'000};
    const store::Parked parked = to_parked(message, "payments");
    EXPECT_EQ(parked.attempts, 2 + delivery_limit + 1);
    EXPECT_NE(parked.reason.find("the broker gave it up: 101 times"), std::string::npos);
    EXPECT_EQ(parked.parked_at, Instant{Duration{1'700'000'000'000}});
}

} // namespace
} // namespace backline::rabbitmq
