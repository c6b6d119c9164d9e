// At stake: connections end at any moment; then nothing may be lost, nothing acked that was not handled, nobody stuck.
// How: a real broker behind a bad network: cut while events are published and handled, muted, blocked, away.
#include "adapters/rabbitmq/gate_test.hpp"
#include "adapters/rabbitmq/process_test.hpp"
#include "platform/async/task_group.hpp"

#include <set>

namespace backline::rabbitmq {
namespace {

class ConnectionLoss : public RabbitBusTest {
public:
    void SetUp() override {
        RabbitBusTest::SetUp();
        if (broker) gate.emplace(broker->settings().endpoint.port);
    }

    [[nodiscard]] Settings through_the_gate() const {
        Settings settings = broker->settings();
        settings.endpoint.host = "127.0.0.1";
        settings.endpoint.port = gate->port();
        return settings;
    }

    std::optional<Gate> gate;
};

/// Publishes until the broker has confirmed, as the relay does.
Task<> publish_at_last(contract::RealLoop& loop, bus::Bus& bus, std::string id) {
    bool taken = false;
    while (!taken) {
        try {
            co_await bus.publish(event_of(id), false);
            taken = true;
        } catch (const Unavailable&) {
            // Again, after a while.
        }
        if (!taken) co_await sleep_for(loop, Duration{10});
    }
}

TEST_F(ConnectionLoss, loses_nothing_when_connections_end_while_events_are_published) {
    Process process(loop, through_the_gate());
    process.start({process.subscriber("orders")});
    TaskGroup group;
    for (int i = 0; i < 400; ++i) {
        group.spawn(publish_at_last(loop, process.bus, std::to_string(i)));
        if (i % 50 == 25) {
            wait(Duration{i % 7});
            gate->cut();
        }
    }
    loop.run(group.join());
    const auto different = [&] {
        return std::set<std::string>(process.handled.begin(), process.handled.end()).size();
    };
    EXPECT_TRUE(eventually([&] { return different() == 400; }));
    EXPECT_TRUE(process.given_up.empty());
    EXPECT_TRUE(eventually([&] { return process.depth("orders") == 0; }));
}

TEST_F(ConnectionLoss, handles_again_what_was_in_hand_and_drops_the_late_ack) {
    Process process(loop, through_the_gate());
    process.hold("a");
    process.start({process.subscriber("orders")});
    EXPECT_EQ(process.publish(event_of("a")), "");
    EXPECT_TRUE(eventually([&] { return process.tries("a") == 1; }));
    gate->cut();
    EXPECT_TRUE(eventually([&] { return process.tries("a") == 2; })) << "the copy that came again";
    process.release("a");
    EXPECT_TRUE(eventually([&] { return process.times_handled("a") == 2; }));
    EXPECT_TRUE(eventually([&] { return process.depth("orders") == 0; }));
    EXPECT_EQ(process.publish(event_of("b")), "");
    EXPECT_TRUE(eventually([&] { return process.times_handled("b") == 1; }));
    EXPECT_TRUE(process.given_up.empty());
    EXPECT_FALSE(process.told_of("unknown delivery tag")) << "the new channel heard the late ack";
}

TEST_F(ConnectionLoss, keeps_what_fails_while_the_broker_is_away) {
    Process process(loop, through_the_gate());
    process.hold("a");
    process.fail("a");
    process.start({process.subscriber("orders")});
    EXPECT_EQ(process.publish(event_of("a")), "");
    EXPECT_TRUE(eventually([&] { return process.tries("a") == 1; }));
    gate->shut(true);
    gate->cut();
    EXPECT_TRUE(eventually([&] { return !process.troubles.empty(); }));
    process.release("a");
    wait(Duration{50});
    gate->shut(false);
    process.fail("a", false);
    EXPECT_TRUE(eventually([&] { return process.times_handled("a") == 1; }));
}

TEST_F(ConnectionLoss, starts_without_the_broker_and_goes_on_when_it_is_there) {
    gate->shut(true);
    Settings settings = through_the_gate();
    settings.starts_within = Duration{100};
    settings.publish_patience = Duration{100};
    Process process(loop, settings);
    process.start({process.subscriber("orders")});
    EXPECT_EQ(process.publish(event_of("a")), "not_done: the broker is away");
    EXPECT_TRUE(eventually([&] { return !process.troubles.empty(); }));
    gate->shut(false);
    EXPECT_TRUE(eventually([&] { return process.publish(event_of("a")).empty(); }));
    EXPECT_TRUE(eventually([&] { return process.times_handled("a") == 1; }));
    EXPECT_EQ(process.troubles.back(), "");
}

TEST_F(ConnectionLoss, does_not_know_what_became_of_an_event_that_was_never_confirmed) {
    Settings settings = through_the_gate();
    settings.confirm_patience = Duration{200};
    Process process(loop, settings);
    process.start({process.subscriber("orders")});
    gate->mute_broker(true);
    EXPECT_EQ(process.publish(event_of("a")), "unknown: the broker confirms nothing any more");
    gate->mute_broker(false);
    EXPECT_TRUE(eventually([&] { return process.times_handled("a") == 1; }));
}

TEST_F(ConnectionLoss, gives_up_a_broker_that_says_nothing_any_more) {
    Settings settings = through_the_gate();
    settings.heartbeat = std::chrono::seconds{1};
    Process process(loop, settings);
    process.start({process.subscriber("orders")});
    gate->mute_broker(true);
    EXPECT_TRUE(eventually([&] { return !process.troubles.empty(); }));
    gate->mute_broker(false);
    EXPECT_TRUE(eventually([&] { return process.publish(event_of("a")).empty(); }));
    EXPECT_TRUE(eventually([&] { return process.times_handled("a") == 1; }));
}

/// `connection.blocked` with an empty reason, and `connection.unblocked`, on channel 0.
const std::string blocked("\x01\0\0\0\0\0\x05\0\x0A\0\x3C\0\xCE", 13);
const std::string unblocked("\x01\0\0\0\0\0\x04\0\x0A\0\x3D\xCE", 12);

TEST_F(ConnectionLoss, sends_nothing_to_a_blocked_broker_and_says_so_in_time) {
    Settings settings = through_the_gate();
    settings.publish_patience = Duration{150};
    Process process(loop, settings);
    process.start({process.subscriber("orders")});
    gate->say(blocked);
    EXPECT_TRUE(eventually([&] {
        return process.publish(event_of("a")) ==
               "not_done: the broker takes nothing: it is short of memory or disk";
    }));
    gate->say(unblocked);
    EXPECT_TRUE(eventually([&] { return process.publish(event_of("b")).empty(); }));
    EXPECT_TRUE(eventually([&] { return process.times_handled("b") == 1; }));
    EXPECT_TRUE(process.troubles.empty()) << "it is the same connection";
}

TEST_F(ConnectionLoss, acks_nothing_before_the_queue_that_it_goes_to_has_it) {
    {
        Settings settings = through_the_gate();
        settings.publish_patience = Duration{50};
        Process process(loop, settings);
        process.hold("a");
        process.fail("a");
        process.start({process.subscriber("orders")});
        EXPECT_EQ(process.publish(event_of("a")), "");
        EXPECT_TRUE(eventually([&] { return process.tries("a") == 1; }));
        gate->say(blocked);
        EXPECT_TRUE(eventually([&] { return !process.publish(event_of("b")).empty(); }));
        process.release("a");
        wait(Duration{100});
    }
    Process next(loop, broker->settings());
    next.start({next.subscriber("orders")});
    EXPECT_TRUE(eventually([&] { return next.times_handled("a") == 1; }));
}

/// How an observer catches up: counted, and as slowly as the test wants.
struct CatchingUp {
    Signal& go_on;
    int begun = 0;
    bool held = false;

    Task<> run() {
        ++begun;
        while (held) co_await go_on;
    }
};

TEST_F(ConnectionLoss, lets_an_observer_catch_up_after_each_gap_before_it_sees_more) {
    Process process(loop, through_the_gate());
    Signal go_on(loop);
    CatchingUp catching_up{go_on};
    bus::Subscription index = process.subscriber("index");
    index.kind = bus::Subscription::Kind::observed;
    index.resync = [&] { return catching_up.run(); };
    process.start({index});
    EXPECT_TRUE(eventually([&] { return catching_up.begun == 1; }));
    catching_up.held = true;
    gate->cut();
    EXPECT_TRUE(eventually([&] { return catching_up.begun == 2; }));
    EXPECT_TRUE(eventually([&] { return process.publish(event_of("a")).empty(); }));
    wait(Duration{100});
    EXPECT_EQ(process.tries("a"), 0);
    catching_up.held = false;
    go_on.notify();
    EXPECT_TRUE(eventually([&] { return process.times_handled("a") == 1; }));
    EXPECT_EQ(catching_up.begun, 2);
}

} // namespace
} // namespace backline::rabbitmq
