// At stake: credentials and events readable, or given to a stranger.
// How: a real broker over TLS: known, unknown, and under another name than its own.
#include "adapters/rabbitmq/process_test.hpp"

namespace backline::rabbitmq {
namespace {

class RabbitTls : public RabbitBusTest {
public:
    void SetUp() override {
        RabbitBusTest::SetUp();
        if (!broker) return;
        const auto url = contract::test_server("BACKLINE_TEST_AMQPS_URL");
        const auto ca_file = contract::test_server("BACKLINE_TEST_TLS_CA");
        if (!url || !ca_file) return;
        settings = broker->settings();
        settings.starts_within = Duration{500};
        settings.publish_patience = Duration{100};
        const std::string virtual_host = settings.endpoint.virtual_host;
        settings.endpoint = parse_endpoint(*url);
        settings.endpoint.virtual_host = virtual_host;
        settings.endpoint.host = "localhost";
        settings.endpoint.ca_file = *ca_file;
    }

    /// What a process tells that is started with these settings, and can publish nothing.
    std::string refusal() {
        Process process(loop, settings);
        process.start({process.subscriber("orders")});
        EXPECT_EQ(process.publish(event_of("a")), "not_done: the broker is away");
        return process.troubles.empty() ? "" : process.troubles[0];
    }

    Settings settings;
};

TEST_F(RabbitTls, carries_events_to_a_broker_that_its_authority_vouches_for) {
    Process process(loop, settings);
    process.start({process.subscriber("orders")});
    EXPECT_EQ(process.publish(event_of("a")), "");
    EXPECT_TRUE(eventually([&] { return process.times_handled("a") == 1; }));
    process.fail("b");
    EXPECT_EQ(process.publish(event_of("b")), "");
    EXPECT_TRUE(eventually([&] { return process.parked().size() == 1; }));
}

Task<> done() {
    co_return;
}

TEST_F(RabbitTls, carries_an_event_of_many_frames) {
    Process process(loop, settings);
    std::string seen;
    bus::Subscription orders = process.subscriber("orders");
    orders.handle = [&](bus::EventRecord event) {
        seen = event.data;
        return done();
    };
    process.start({orders});
    bus::EventRecord event = event_of("a");
    event.data = "\"" + std::string(1'000'000, 'x') + "\"";
    EXPECT_EQ(process.publish(event), "");
    EXPECT_TRUE(eventually([&] { return seen == event.data; }));
}

TEST_F(RabbitTls, gives_nothing_to_a_broker_that_nobody_vouches_for) {
    settings.endpoint.ca_file.clear();
    EXPECT_NE(refusal().find("SSL peer cert verification failed"), std::string::npos);
}

TEST_F(RabbitTls, gives_nothing_to_a_broker_with_another_name) {
    settings.endpoint.host = "127.1"; // The same place, but not what its certificate says.
    EXPECT_NE(refusal().find("SSL hostname verification failed"), std::string::npos);
}

TEST_F(RabbitTls, says_which_file_of_authorities_cannot_be_read) {
    settings.endpoint.ca_file = "/nonexistent.pem";
    EXPECT_EQ(refusal(), "the certificates of /nonexistent.pem cannot be read");
}

} // namespace
} // namespace backline::rabbitmq
