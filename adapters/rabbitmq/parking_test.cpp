// At stake: what was given up is the operator's only trace of it: listed by everybody, lost by nobody.
// How: two processes on one broker that park, list and replay beside each other.
#include "adapters/rabbitmq/connection.hpp"
#include "adapters/rabbitmq/process_test.hpp"

namespace backline::rabbitmq {
namespace {

class Parking : public RabbitBusTest {
public:
    /// Published by `process`, whose `orders` fails on it until it is parked.
    void park(Process& process, const std::string& id) {
        process.fail(id);
        EXPECT_EQ(process.publish(event_of(id)), "");
        EXPECT_TRUE(eventually([&] {
            return std::ranges::any_of(process.given_up, [&](const store::Parked& one) {
                return one.event.id == id;
            });
        }));
    }

    static std::vector<std::string> ids(const std::vector<store::Parked>& parked) {
        std::vector<std::string> found;
        for (const store::Parked& one : parked) found.push_back(one.event.id);
        return found;
    }
};

using Ids = std::vector<std::string>;

TEST_F(Parking, lists_oldest_first_as_often_as_asked_and_changes_nothing) {
    Process process(loop, broker->settings());
    process.start({process.subscriber("orders")});
    for (const char* id : {"c", "a", "b"}) park(process, id);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(ids(process.parked(2)), (Ids{"c", "a"}));
        EXPECT_EQ(ids(process.parked()), (Ids{"c", "a", "b"}));
    }
}

TEST_F(Parking, takes_a_message_whose_handler_stands_still) {
    Settings settings = broker->settings();
    settings.handles_within = Duration{150};
    Process process(loop, settings);
    process.hold("a");
    process.start({process.subscriber("orders")});
    EXPECT_EQ(process.publish(event_of("a")), "");
    EXPECT_EQ(process.publish(event_of("b")), "");
    EXPECT_TRUE(eventually([&] { return process.given_up.size() == 1; }));
    EXPECT_EQ(process.given_up.front().event.id, "a");
    EXPECT_EQ(process.given_up.front().reason, "not handled within 150 ms");
    EXPECT_EQ(process.tries("a"), 3);
    EXPECT_EQ(process.times_handled("b"), 1);
    process.release("a");
    EXPECT_EQ(process.replay("a", "orders"), "");
    EXPECT_TRUE(process.parked().empty());
}

TEST_F(Parking, replays_in_one_process_what_another_one_parked) {
    Process one(loop, broker->settings());
    one.start({one.subscriber("orders")});
    for (const char* id : {"a", "b", "c"}) park(one, id);
    one.bus.stop(); // So that the other one's messages are its own.
    Process other(loop, broker->settings());
    other.start({other.subscriber("orders")});
    EXPECT_EQ(ids(other.parked()), (Ids{"a", "b", "c"}));
    EXPECT_EQ(other.replay("b", "orders"), "");
    EXPECT_EQ(other.times_handled("b"), 1);
    EXPECT_EQ(ids(other.parked()), (Ids{"a", "c"}));
    EXPECT_EQ(ids(one.parked()), (Ids{"a", "c"}));
    other.fail("a");
    EXPECT_EQ(other.replay("a", "orders"), "cannot handle a");
    EXPECT_EQ(other.tries("a"), 1);
    EXPECT_EQ(ids(one.parked()), (Ids{"a", "c"})) << "also in their order";
}

TEST_F(Parking, hides_no_other_message_while_one_is_being_replayed) {
    Process one(loop, broker->settings());
    one.start({one.subscriber("orders")});
    for (const char* id : {"a", "b", "c"}) park(one, id);
    Process other(loop, broker->settings());
    other.hold("b");
    other.start({other.subscriber("orders")});
    TaskGroup group;
    group.spawn(other.bus.replay("b", "orders"));
    EXPECT_TRUE(eventually([&] { return other.tries("b") == 1; }));
    EXPECT_TRUE(eventually([&] { return ids(one.parked()) == Ids{"a", "c"}; }));
    other.release("b");
    loop.run(group.join());
    EXPECT_EQ(other.times_handled("b"), 1);
    EXPECT_EQ(ids(one.parked()), (Ids{"a", "c"}));
}

TEST_F(Parking, lists_a_message_once_that_lies_there_twice_and_takes_both_away) {
    Process process(loop, broker->settings());
    process.start({process.subscriber("orders")});
    park(process, "a");
    process.fail("a");
    park(process, "b");
    const Message again = to_message({event_of("a"), 3, "cannot handle a", loop.now().utc});
    Connection connection(broker->settings(), "test");
    connection.publish({"", "backline.orders:parked", true, again});
    connection.close();
    EXPECT_EQ(ids(process.parked()), (Ids{"a", "b"}));
    process.fail("a", false);
    EXPECT_EQ(process.replay("a", "orders"), "");
    EXPECT_EQ(ids(process.parked()), (Ids{"b"}));
    EXPECT_EQ(process.times_handled("a"), 1);
}

TEST_F(Parking, shows_only_what_belongs_to_subscribers_that_are_handled_here) {
    Process process(loop, broker->settings());
    process.start({process.subscriber("orders")});
    park(process, "a");
    Process other(loop, broker->settings());
    bus::Subscription elsewhere = other.subscriber("orders");
    elsewhere.handle = nullptr;
    other.start({elsewhere, other.subscriber("payments")});
    EXPECT_TRUE(other.parked().empty());
    EXPECT_EQ(other.replay("a", "orders"), "nobody here subscribes as orders");
    EXPECT_EQ(ids(process.parked()), (Ids{"a"}));
}

} // namespace
} // namespace backline::rabbitmq
