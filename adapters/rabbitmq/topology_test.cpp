// At stake: a queue that is missing, or dead-letters to the wrong place, loses messages without a word.
// How: names and arguments as data, and every way out of a queue followed.
#include "adapters/rabbitmq/topology.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace backline::rabbitmq {
namespace {

bus::Subscription orders() {
    bus::Subscription subscription;
    subscription.subscriber = "orders";
    subscription.types = {"backline.payments.captured.v1", "backline.inventory.held.v1"};
    return subscription;
}

Topology topology() {
    return {"shop.", {Duration{1'000}, Duration{10'000}, Duration{600'000}}, 1'000'000};
}

const Queue& find(const std::vector<Queue>& queues, const std::string& name) {
    return *std::ranges::find(queues, name, &Queue::name);
}

TEST(Topology, names_what_belongs_to_a_subscriber) {
    EXPECT_EQ(topology().exchange(), "shop.events");
    EXPECT_EQ(topology().queue("orders.prices"), "shop.orders.prices");
    EXPECT_EQ(topology().suspects("orders"), "shop.orders:suspects");
    EXPECT_EQ(topology().parking("orders"), "shop.orders:parked");
}

TEST(Topology, lets_the_pause_grow_and_the_last_one_repeat) {
    EXPECT_EQ(topology().retry("orders", 1), "shop.orders:retry:1000ms");
    EXPECT_EQ(topology().retry("orders", 2), "shop.orders:retry:10000ms");
    EXPECT_EQ(topology().retry("orders", 3), "shop.orders:retry:600000ms");
    EXPECT_EQ(topology().retry("orders", 50), "shop.orders:retry:600000ms");
}

TEST(Topology, makes_every_durable_queue_replicated_bounded_and_refusing) {
    for (const Queue& queue : topology().shared(orders())) {
        const Headers& arguments = queue.arguments;
        EXPECT_EQ(std::get<std::string>(arguments.at("x-queue-type")), "quorum") << queue.name;
        EXPECT_EQ(std::get<std::string>(arguments.at("x-overflow")), "reject-publish");
        EXPECT_EQ(std::get<std::int64_t>(arguments.at("x-max-length-bytes")), 1'000'000);
        EXPECT_FALSE(queue.exclusive);
    }
}

TEST(Topology, leads_every_message_that_a_queue_gives_up_to_a_queue_of_the_same_subscriber) {
    const std::vector<Queue> queues = topology().shared(orders());
    for (const Queue& queue : queues) {
        if (queue.name == "shop.orders:parked") continue;
        const bool later = queue.name.find(":retry:") != std::string::npos;
        const std::string to = later ? "shop.orders" : "shop.orders:parked";
        const Headers& arguments = queue.arguments;
        EXPECT_EQ(std::get<std::string>(arguments.at("x-dead-letter-exchange")), "");
        EXPECT_EQ(std::get<std::string>(arguments.at("x-dead-letter-routing-key")), to);
        EXPECT_EQ(std::get<std::string>(arguments.at("x-dead-letter-strategy")), "at-least-once");
        EXPECT_EQ(arguments.contains("x-message-ttl"), later);
        EXPECT_EQ(arguments.contains("x-delivery-limit"), !later);
    }
    const Queue& parked = find(queues, "shop.orders:parked");
    EXPECT_FALSE(parked.arguments.contains("x-dead-letter-exchange"));
}

TEST(Topology, lets_messages_wait_in_a_retry_queue_for_its_pause) {
    const std::vector<Queue> queues = topology().shared(orders());
    const Queue& second = find(queues, topology().retry("orders", 2));
    EXPECT_EQ(std::get<std::int64_t>(second.arguments.at("x-message-ttl")), 10'000);
}

TEST(Topology, binds_the_queue_of_events_alone_and_declares_it_last) {
    const std::vector<Queue> queues = topology().shared(orders());
    EXPECT_EQ(queues.back().name, "shop.orders");
    EXPECT_EQ(queues.back().types, orders().types);
    for (std::size_t i = 0; i + 1 < queues.size(); ++i) EXPECT_TRUE(queues[i].types.empty());
}

TEST(Topology, counts_every_queue_but_the_parking_queue_as_waiting) {
    std::set<std::string> declared;
    for (const Queue& queue : topology().shared(orders())) declared.insert(queue.name);
    const std::vector<std::string> waiting = topology().waiting("orders");
    declared.erase("shop.orders:parked");
    EXPECT_EQ(std::set<std::string>(waiting.begin(), waiting.end()), declared);
    EXPECT_EQ(waiting.size(), declared.size());
}

TEST(Topology, gives_an_observer_a_queue_that_goes_with_its_connection) {
    bus::Subscription index = orders();
    index.subscriber = "index";
    const Queue queue = topology().observer(index);
    EXPECT_EQ(queue.name, "shop.index:observer:");
    EXPECT_TRUE(queue.exclusive);
    EXPECT_EQ(queue.types, index.types);
}

} // namespace
} // namespace backline::rabbitmq
