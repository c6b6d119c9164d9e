// At stake: real clients on real sockets. How: a server on a free port in a thread of its own, and a client that sends
// exactly what a test says; times are shortened by configuration, and no test sleeps.
#include "platform/http/server.hpp"
#include "tests/http/server_fixture.hpp"

namespace backline::http_tests {
namespace {

using http::ServerLimits;

constexpr std::string_view make_item = "POST /v1/items HTTP/1.1\r\nHost: shop\r\nAuthorization: "
                                       "Bearer customer\r\nIdempotency-Key: key-00000001\r\n"
                                       "Content-Type: application/json\r\n";
constexpr std::string_view item = R"({"name":"Mixer","quantity":3,"parts":[]})";

std::string body_of(std::string_view response) {
    return std::string(response.substr(response.find("\r\n\r\n") + 4));
}

std::string with_length(std::string_view head, std::string_view body) {
    return std::string(head) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

TEST(Server, answers_and_keeps_the_connection) {
    RunningServer server(ServerLimits{});
    RawClient client(server.port());
    for (int i = 0; i < 3; ++i) {
        const std::string response = client.ask(get_request("/v1/items"));
        EXPECT_EQ(status_of(response), 200);
        EXPECT_EQ(body_of(response), R"({"items":[]})");
        EXPECT_EQ(header_of(response, "content-type"), "application/json");
        EXPECT_EQ(header_of(response, "connection"), "");
        EXPECT_EQ(header_of(response, "date").size(), 29U);
        EXPECT_EQ(header_of(response, "server"), "");
    }
}

TEST(Server, reads_bodies_by_length_and_by_chunks) {
    RunningServer server(ServerLimits{});
    RawClient client(server.port());
    EXPECT_EQ(status_of(client.ask(with_length(make_item, item))), 201);
    const std::string chunked =
        std::string(make_item) + "Transfer-Encoding: chunked\r\n\r\n" + "a\r\n{\"name\":\"S\r\n" +
        "1E\r\npeaker\",\"quantity\":1,\"parts\":[\r\n" + "2\r\n]}\r\n0\r\n\r\n";
    const std::string response = client.ask(chunked);
    EXPECT_EQ(status_of(response), 201) << response;
}

TEST(Server, takes_a_request_byte_by_byte) {
    RunningServer server(ServerLimits{});
    RawClient client(server.port());
    for (const char byte : with_length(make_item, item)) client.send({&byte, 1});
    EXPECT_EQ(status_of(client.read_response()), 201);
}

TEST(Server, answers_pipelined_requests_in_order) {
    RunningServer server(ServerLimits{});
    RawClient client(server.port());
    client.send(
        get_request("/v1/items") + with_length(make_item, item) + get_request("/nowhere") +
        get_request("/page")
    );
    EXPECT_EQ(status_of(client.read_response()), 200);
    EXPECT_EQ(status_of(client.read_response()), 201);
    EXPECT_EQ(status_of(client.read_response()), 404);
    EXPECT_TRUE(body_of(client.read_response()).find("hello") != std::string::npos);
}

TEST(Server, leaves_out_the_body_for_head) {
    RunningServer server(ServerLimits{});
    RawClient client(server.port());
    client.send("HEAD /v1/items HTTP/1.1\r\nHost: shop\r\n\r\n" + get_request("/page"));
    EXPECT_EQ(header_of(client.read_response(false), "content-length"), "12");
    EXPECT_EQ(status_of(client.read_response()), 200);
}

TEST(Server, closes_when_asked) {
    RunningServer server(ServerLimits{});
    RawClient client(server.port());
    client.send("GET /v1/items HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
    const std::string response = client.read_response();
    EXPECT_EQ(header_of(response, "connection"), "close");
    EXPECT_TRUE(client.ended());
    RawClient old(server.port());
    EXPECT_EQ(header_of(old.ask("GET /v1/items HTTP/1.0\r\n\r\n"), "connection"), "close");
    EXPECT_TRUE(old.ended());
}

TEST(Server, asks_for_the_body_that_waits_to_be_asked_for) {
    RunningServer server(ServerLimits{});
    RawClient client(server.port());
    client.send(
        std::string(make_item) +
        "Expect: 100-continue\r\nContent-Length: " + std::to_string(item.size()) + "\r\n\r\n"
    );
    EXPECT_EQ(status_of(client.read_response()), 100);
    EXPECT_EQ(status_of(client.ask(item)), 201);
    client.send(std::string(make_item) + "Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n");
    EXPECT_EQ(status_of(client.read_response()), 413);
}

TEST(Server, sends_what_does_not_fit_a_socket_at_once) {
    RunningServer server(ServerLimits{});
    RawClient client(server.port());
    const std::string response = client.ask(get_request("/big"));
    EXPECT_EQ(body_of(response).size(), 8U << 20U);
}

TEST(Server, ends_a_connection_after_its_share_of_requests) {
    RunningServer server(ServerLimits{.requests_per_connection_max = 3});
    RawClient client(server.port());
    for (int i = 0; i < 5; ++i) client.send(get_request("/v1/items"));
    const std::string all = client.read_to_end();
    std::size_t count = 0;
    for (std::size_t at = all.find("HTTP/1.1 200"); at != std::string::npos;
         at = all.find("HTTP/1.1 200", at + 1)) {
        ++count;
    }
    EXPECT_EQ(count, 3U);
}

TEST(Server, bounds_connections_in_all_and_per_address) {
    RunningServer few(ServerLimits{.connections_max = 2});
    RawClient one(few.port());
    RawClient two(few.port());
    EXPECT_EQ(status_of(one.ask(get_request("/page"))), 200);
    EXPECT_EQ(status_of(two.ask(get_request("/page"))), 200);
    RawClient three(few.port());
    EXPECT_TRUE(three.ended());
    RunningServer fair(ServerLimits{.connections_per_address_max = 1, .bounds_loopback = true});
    RawClient first(fair.port());
    EXPECT_EQ(status_of(first.ask(get_request("/page"))), 200);
    EXPECT_TRUE(RawClient(fair.port()).ended());
}

// --- answers from memory -------------------------------------------------------------------------

TEST(Server, serves_from_memory_until_the_data_changes) {
    RunningServer server(ServerLimits{});
    RawClient client(server.port());
    const std::string location = header_of(client.ask(with_length(make_item, item)), "location");
    const auto shown = [&] { return server.on_loop([&] { return server.shop.shown; }); };
    const std::string first = client.ask(get_request(location));
    EXPECT_EQ(status_of(first), 200);
    EXPECT_EQ(client.ask(get_request(location)), first);
    EXPECT_EQ(shown(), 1);
    server.on_loop([&] { return ++server.shop.generation; });
    EXPECT_EQ(body_of(client.ask(get_request(location))), body_of(first));
    EXPECT_EQ(shown(), 2);
}

TEST(Server, does_not_serve_from_memory_who_wants_something_else) {
    RunningServer server(ServerLimits{});
    RawClient client(server.port());
    const std::string location = header_of(client.ask(with_length(make_item, item)), "location");
    client.ask(get_request(location));
    const auto ask_with = [&](const std::string& field) {
        return client.ask("GET " + location + " HTTP/1.1\r\nHost: shop\r\n" + field + "\r\n\r\n");
    };
    EXPECT_EQ(status_of(ask_with("Authorization: Bearer forged")), 401);
    EXPECT_EQ(status_of(ask_with("Accept: text/html")), 406);
    EXPECT_EQ(status_of(ask_with("Accept: text/html, */*")), 200);
    client.send("GET " + location + " HTTP/1.1\r\nHost: shop\r\nIf-None-Match: \"1\"\r\n\r\n");
    EXPECT_EQ(status_of(client.read_response()), 304);
    const std::string closing = ask_with("Connection: close");
    EXPECT_EQ(header_of(closing, "connection"), "close");
    EXPECT_TRUE(client.ended());
}

// --- the end -------------------------------------------------------------------------------------

TEST(Server, finishes_what_is_in_flight_when_it_stops) {
    RunningServer server(ServerLimits{.linger_for = Duration{20}, .sweep_every = Duration{10}});
    RawClient idle(server.port());
    EXPECT_EQ(status_of(idle.ask(get_request("/readyz"))), 200);
    RawClient busy(server.port());
    busy.send(get_request("/slow") + get_request("/page"));
    while (server.connections() < 2) {
    }
    server.stop();
    EXPECT_TRUE(idle.ended());
    const std::string last = busy.read_response();
    EXPECT_EQ(status_of(last), 200);
    EXPECT_EQ(header_of(last, "connection"), "close");
    EXPECT_TRUE(busy.ended());
    server.join();
    EXPECT_THROW(RawClient(server.port()), std::runtime_error);
}

TEST(Server, does_not_wait_for_ever_when_it_stops) {
    ServerLimits limits = short_limits();
    limits.write_stall_for = limits.idle_for = Duration{60'000};
    limits.drain_for = Duration{50};
    RunningServer server(limits);
    RawClient deaf(server.port());
    for (int i = 0; i < 4; ++i) deaf.send(get_request("/big"));
    EXPECT_EQ(status_of(deaf.read_response(false)), 200);
    server.stop();
    server.join();
}

TEST(Server, says_in_one_sentence_why_it_cannot_listen) {
    RunningServer server(ServerLimits{});
    asio_runtime::AsioRuntime runtime;
    FakeAuthenticator authenticator;
    LinesLog log;
    observe::Metrics metrics;
    http::Router router{runtime, authenticator, log, metrics, http::Router::Settings{}};
    const auto complaint = [&](const std::string& address, std::uint16_t port) -> std::string {
        try {
            const http::Server second(
                runtime.context(), runtime, router, log, metrics, {address, port}
            );
            return "none";
        } catch (const std::runtime_error& failed) {
            return failed.what();
        }
    };
    const std::string port = std::to_string(server.port());
    EXPECT_EQ(
        complaint("127.0.0.1", server.port()),
        "Cannot listen on 127.0.0.1 port " + port +
            ": another program has that port; stop it, or choose another one."
    );
    EXPECT_EQ(
        complaint("localhost", 1),
        "Cannot listen on localhost port 1: 'localhost' is no IP address."
    );
    EXPECT_EQ(
        complaint("192.0.2.1", 80),
        "Cannot listen on 192.0.2.1 port 80: this machine has no address 192.0.2.1."
    );
}

} // namespace
} // namespace backline::http_tests
