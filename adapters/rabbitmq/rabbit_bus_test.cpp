// At stake: what RabbitMQ alone promises or refuses: queues as we think they are, nothing settled that has no queue.
// How: one process on a real broker, which is asked through its management API what it really has.
#include "adapters/rabbitmq/connection.hpp"
#include "adapters/rabbitmq/process_test.hpp"

namespace backline::rabbitmq {
namespace {

std::string queues_path(const TestBroker& broker, const std::string& name = "") {
    return "/queues/" + broker.virtual_host() + (name.empty() ? "" : "/" + name);
}

TEST_F(RabbitBusTest, declares_queues_of_all_subscribers_also_of_those_that_others_handle) {
    Process process(loop, broker->settings());
    bus::Subscription elsewhere = process.subscriber("payments");
    elsewhere.handle = nullptr;
    process.start({process.subscriber("orders"), elsewhere});
    const std::string queues = broker->call("GET", queues_path(*broker));
    for (const char* owner : {"orders", "payments"}) {
        for (const char* part : {"", ":suspects", ":parked", ":retry:10ms", ":retry:100ms"}) {
            const std::string name = "\"name\":\"backline." + std::string(owner) + part + "\"";
            EXPECT_NE(queues.find(name), std::string::npos) << name;
        }
    }
}

TEST_F(RabbitBusTest, has_the_arguments_that_it_asked_for) {
    Process process(loop, broker->settings());
    process.start({process.subscriber("orders")});
    const std::string queue = broker->call("GET", queues_path(*broker, "backline.orders"));
    for (const char* argument : {
             R"("durable":true)",
             R"("type":"quorum")",
             R"("x-delivery-limit":100)",
             R"("x-dead-letter-exchange":"")",
             R"("x-dead-letter-routing-key":"backline.orders:parked")",
             R"("x-dead-letter-strategy":"at-least-once")",
             R"("x-overflow":"reject-publish")",
         }) {
        EXPECT_NE(queue.find(argument), std::string::npos) << argument << " in " << queue;
    }
    const std::string bindings =
        broker->call("GET", queues_path(*broker, "backline.orders/bindings"));
    EXPECT_NE(bindings.find(R"("source":"backline.events")"), std::string::npos);
    EXPECT_NE(bindings.find("\"routing_key\":\"" + std::string(placed)), std::string::npos);
}

TEST_F(RabbitBusTest, keeps_the_copy_of_a_subscriber_that_does_not_run_yet) {
    Process sender(loop, broker->settings());
    bus::Subscription elsewhere = sender.subscriber("orders");
    elsewhere.handle = nullptr;
    sender.start({elsewhere});
    EXPECT_EQ(sender.publish(event_of("a")), "");
    EXPECT_TRUE(eventually([&] { return sender.depth("orders") == 1; }));
    Process later(loop, broker->settings());
    later.start({later.subscriber("orders")});
    EXPECT_TRUE(eventually([&] { return later.times_handled("a") == 1; }));
    EXPECT_TRUE(eventually([&] { return sender.depth("orders") == 0; }));
}

TEST_F(RabbitBusTest, lets_two_replicas_share_the_events_of_one_subscriber) {
    Process one(loop, broker->settings());
    Process other(loop, broker->settings());
    one.start({one.subscriber("orders")});
    other.start({other.subscriber("orders")});
    for (int i = 0; i < 50; ++i) EXPECT_EQ(one.publish(event_of(std::to_string(i))), "");
    const auto all = [&] { return one.handled.size() + other.handled.size(); };
    EXPECT_TRUE(eventually([&] { return all() == 50; }));
    EXPECT_FALSE(one.handled.empty());
    EXPECT_FALSE(other.handled.empty());
}

TEST_F(RabbitBusTest, takes_no_more_out_of_its_queue_than_it_has_hands_for) {
    Process process(loop, broker->settings());
    bus::Subscription orders = process.subscriber("orders");
    orders.in_flight_max = 7;
    process.start({orders});
    EXPECT_TRUE(eventually([&] {
        const std::string consumers = broker->call("GET", "/consumers/" + broker->virtual_host());
        return consumers.find(R"("prefetch_count":7,)") != std::string::npos;
    }));
}

TEST_F(RabbitBusTest, gives_the_place_of_a_handler_that_has_ended_to_the_next) {
    Process process(loop, broker->settings());
    bus::Subscription orders = process.subscriber("orders");
    orders.in_flight_max = 1;
    process.fail("a");
    process.start({orders});
    for (const char* id : {"a", "b", "c"}) EXPECT_EQ(process.publish(event_of(id)), "");
    EXPECT_TRUE(eventually([&] { return process.given_up.size() == 1; }));
    EXPECT_TRUE(eventually([&] { return process.times_handled("c") == 1; }));
    process.fail("a", false);
    EXPECT_EQ(process.replay("a", "orders"), "");
    EXPECT_EQ(process.publish(event_of("d")), "");
    EXPECT_TRUE(eventually([&] { return process.times_handled("d") == 1; }));
}

TEST_F(RabbitBusTest, leaves_in_the_outbox_what_a_full_queue_refuses) {
    constexpr int most = 100;
    Settings settings = broker->settings();
    settings.queue_bytes_max = 4'000;
    Process process(loop, settings);
    bus::Subscription later = process.subscriber("orders");
    later.handle = {};
    process.start({later});
    bus::EventRecord large = event_of("large");
    large.data = '"' + std::string(1'000, 'x') + '"';
    int taken = 0;
    while (taken < most && process.publish(large).empty()) ++taken;
    EXPECT_GT(taken, 1);
    EXPECT_LT(taken, most);
    EXPECT_NE(process.publish(event_of("refused")), "");
    Process other(loop, settings);
    other.start({other.subscriber("orders")});
    EXPECT_TRUE(eventually([&] { return other.times_handled("large") == taken; }));
    EXPECT_EQ(process.publish(event_of("again")), "");
    EXPECT_TRUE(eventually([&] { return other.times_handled("again") == 1; }));
    EXPECT_EQ(other.tries("refused"), 0);
}

TEST_F(RabbitBusTest, settles_no_event_that_finds_no_queue_and_mends_what_is_missing) {
    Process process(loop, broker->settings());
    process.start({process.subscriber("orders")});
    broker->call(
        "DELETE",
        "/bindings/" + broker->virtual_host() + "/e/backline.events/q/backline.orders/" + placed
    );
    EXPECT_EQ(
        process.publish(event_of("a")),
        "not_done: the broker has no queue for a on the way to backline.events/" +
            std::string(placed)
    );
    EXPECT_TRUE(eventually([&] { return process.publish(event_of("a")).empty(); }));
    EXPECT_TRUE(eventually([&] { return process.times_handled("a") == 1; }));
}

TEST_F(RabbitBusTest, waits_for_no_queue_of_observers) {
    Process process(loop, broker->settings());
    bus::Subscription index = process.subscriber("index");
    index.kind = bus::Subscription::Kind::observed;
    index.handle = nullptr;
    process.start({index});
    EXPECT_EQ(process.publish(event_of("a")), "");
}

TEST_F(RabbitBusTest, comes_back_when_its_queue_is_deleted_under_it) {
    Process process(loop, broker->settings());
    process.start({process.subscriber("orders")});
    broker->call("DELETE", queues_path(*broker, "backline.orders"));
    EXPECT_TRUE(eventually([&] { return process.told_of("took a queue away"); }));
    EXPECT_TRUE(eventually([&] {
        return process.publish(event_of("a")).empty() && process.times_handled("a") > 0;
    }));
}

TEST_F(RabbitBusTest, says_in_one_sentence_that_a_queue_was_made_with_other_settings) {
    Settings settings = broker->settings();
    settings.starts_within = Duration{300};
    settings.publish_patience = Duration{100};
    {
        Process before(loop, settings);
        before.start({before.subscriber("orders")});
    }
    settings.queue_bytes_max /= 2;
    Process after(loop, settings);
    after.start({after.subscriber("orders")});
    EXPECT_TRUE(eventually([&] { return !after.troubles.empty(); }));
    wait(Duration{300});
    ASSERT_EQ(after.troubles.size(), 1U) << "once, although it goes on trying";
    EXPECT_TRUE(after.told_of("x-max-length-bytes"));
    EXPECT_TRUE(after.told_of("it was made with other settings: let it run dry, delete it"));
    EXPECT_EQ(after.publish(event_of("a")), "not_done: the broker is away");
    broker->call("DELETE", queues_path(*broker, "backline.orders:parked"));
    broker->call("DELETE", queues_path(*broker, "backline.orders:suspects"));
    broker->call("DELETE", queues_path(*broker, "backline.orders:retry:10ms"));
    broker->call("DELETE", queues_path(*broker, "backline.orders:retry:100ms"));
    broker->call("DELETE", queues_path(*broker, "backline.orders"));
    EXPECT_TRUE(eventually([&] { return after.troubles.back().empty(); }));
    EXPECT_EQ(after.publish(event_of("a")), "");
}

TEST_F(RabbitBusTest, tells_what_is_wrong_with_its_credentials_without_showing_them) {
    Settings settings = broker->settings();
    settings.starts_within = Duration{500};
    settings.endpoint.password = Secret<std::string>("wrong-secret");
    Process process(loop, settings);
    process.start({process.subscriber("orders")});
    EXPECT_TRUE(eventually([&] { return process.told_of("could not log in"); }));
    EXPECT_FALSE(process.told_of("wrong-secret"));
}

TEST_F(RabbitBusTest, tries_again_after_pauses_that_grow) {
    Settings settings = broker->settings();
    settings.retry_after = {Duration{50}, Duration{300}};
    Process process(loop, settings);
    process.fail("a");
    process.start({process.subscriber("orders")});
    EXPECT_EQ(process.publish(event_of("a")), "");
    EXPECT_TRUE(eventually([&] { return process.given_up.size() == 1; }));
    ASSERT_EQ(process.tries("a"), 3);
    const std::vector<Monotonic>& at = process.tried_at;
    EXPECT_GE(at[1].since_start - at[0].since_start, Duration{50});
    EXPECT_GE(at[2].since_start - at[1].since_start, Duration{300});
    EXPECT_EQ(process.given_up[0].attempts, 3);
    EXPECT_EQ(process.given_up[0].reason, "cannot handle a");
}

/// What lies in a queue, taken out of it.
std::vector<Message> drain(const Settings& settings, const std::string& queue) {
    Connection connection(settings, "test");
    std::vector<Message> found;
    while (std::optional<Delivered> got = connection.get(queue)) {
        connection.ack(got->tag);
        found.push_back(std::move(got->message));
    }
    connection.close();
    return found;
}

void put(const Settings& settings, const std::string& queue, const Message& message) {
    Connection connection(settings, "test");
    connection.publish({"", queue, true, message});
    connection.close();
}

TEST_F(RabbitBusTest, notes_attempts_and_reason_in_what_waits_for_another_try) {
    Settings settings = broker->settings();
    settings.retry_after = {Duration{600'000}};
    Process process(loop, settings);
    process.fail("a");
    process.start({process.subscriber("orders")});
    EXPECT_EQ(process.publish(event_of("a")), "");
    EXPECT_TRUE(eventually([&] { return process.tries("a") == 1; }));
    EXPECT_TRUE(eventually([&] { return process.depth("orders") == 1; }));
    std::vector<Message> waiting;
    EXPECT_TRUE(eventually([&] {
        waiting = drain(settings, "backline.orders:retry:600000ms");
        return !waiting.empty();
    }));
    EXPECT_EQ(std::get<std::int64_t>(waiting[0].headers.at("backline-attempts")), 1);
    EXPECT_EQ(std::get<std::string>(waiting[0].headers.at("backline-reason")), "cannot handle a");
}

TEST_F(RabbitBusTest, parks_what_no_version_of_it_handles) {
    Process process(loop, broker->settings());
    process.start({process.subscriber("orders")});
    const Message stale = to_message({event_of("a", "backline.test.forgotten.v1")});
    put(broker->settings(), "backline.orders", stale);
    put(broker->settings(), "backline.orders", {"strange", {}, "\xFF"});
    EXPECT_TRUE(eventually([&] { return process.given_up.size() == 2; }));
    EXPECT_TRUE(process.tried.empty());
    const std::vector<store::Parked> parked = process.parked();
    ASSERT_EQ(parked.size(), 2U);
    const std::string reason = "this version of orders does not handle backline.test.forgotten.v1";
    EXPECT_TRUE(parked[0].reason == reason || parked[1].reason == reason);
}

TEST_F(RabbitBusTest, parks_what_the_broker_gave_up_by_itself) {
    Process process(loop, broker->settings());
    bus::Subscription elsewhere = process.subscriber("orders");
    elsewhere.handle = nullptr;
    process.start({elsewhere});
    EXPECT_EQ(process.publish(event_of("a")), "");
    Connection connection(broker->settings(), "test");
    for (int given_out = 0; given_out <= delivery_limit;) {
        const std::optional<Delivered> got = connection.get("backline.orders");
        if (!got) continue;
        connection.give_back(got->tag);
        ++given_out;
    }
    connection.close();
    Process later(loop, broker->settings());
    later.start({later.subscriber("orders")});
    EXPECT_TRUE(eventually([&] { return later.parked().size() == 1; }));
    const store::Parked parked = later.parked()[0];
    EXPECT_EQ(parked.event.id, "a");
    EXPECT_NE(parked.reason.find("the broker gave it up"), std::string::npos) << parked.reason;
    EXPECT_GT(parked.parked_at, Instant{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}});
    EXPECT_EQ(later.replay("a", "orders"), "");
    EXPECT_TRUE(later.parked().empty());
}

TEST_F(RabbitBusTest, handles_what_is_begun_after_a_stop_and_leaves_the_rest) {
    {
        Process process(loop, broker->settings());
        bus::Subscription narrow = process.subscriber("orders");
        narrow.in_flight_max = 1;
        process.hold("a");
        process.start({narrow});
        EXPECT_EQ(process.publish(event_of("a")), "");
        EXPECT_EQ(process.publish(event_of("b")), "");
        EXPECT_TRUE(eventually([&] { return process.tries("a") == 1; }));
        process.bus.stop();
        process.release("a");
        EXPECT_TRUE(eventually([&] { return process.times_handled("a") == 1; }));
        wait(Duration{50});
        EXPECT_EQ(process.tries("b"), 0);
    }
    Process next(loop, broker->settings());
    next.start({next.subscriber("orders")});
    EXPECT_TRUE(eventually([&] { return next.times_handled("b") == 1; }));
    EXPECT_EQ(next.tries("a"), 0) << "its ack was heard";
}

} // namespace
} // namespace backline::rabbitmq
