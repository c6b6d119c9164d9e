// At stake: "not done" lets the shop try again at once, "unknown" makes it ask first; a client that confuses them
// charges twice.
// How: the client against a real server, a port where nobody listens, and one that never answers.
#include "adapters/curl/curl_client.hpp"
#include "platform/base/problem.hpp"
#include "tests/http/server_fixture.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace backline::curl {
namespace {

using http::ClientAnswer;
using http::ClientRequest;
using http::Method;
using Outcome = Unavailable::Outcome;

/// Takes connections, and says nothing.
struct SilentPort {
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor acceptor{
        context, {boost::asio::ip::make_address("127.0.0.1"), 0}
    };

    [[nodiscard]] std::uint16_t port() const { return acceptor.local_endpoint().port(); }
};

std::string url_of(std::uint16_t port, const std::string& target) {
    return "http://127.0.0.1:" + std::to_string(port) + target;
}

Task<> send_all(Runtime& lane, std::vector<ClientRequest> requests, std::vector<ClientAnswer>& to) {
    CurlClient client(lane, {});
    for (ClientRequest& request : requests) {
        ClientAnswer answer = co_await client.send(std::move(request));
        to.push_back(std::move(answer));
    }
}

std::vector<ClientAnswer> answers_to(std::vector<ClientRequest> requests) {
    asio_runtime::AsioRuntime runtime;
    std::vector<ClientAnswer> answers;
    runtime.run(send_all(runtime.add_lane("http", 0), std::move(requests), answers));
    return answers;
}

Outcome outcome_of(ClientRequest request) {
    try {
        answers_to({std::move(request)});
    } catch (const Unavailable& failure) {
        return failure.outcome();
    }
    ADD_FAILURE() << "it was answered";
    return {};
}

TEST(CurlClient, hands_over_what_the_server_answers_whatever_it_is) {
    http_tests::RunningServer server({});
    const std::string items = url_of(server.port(), "/v1/items");
    const auto answers = answers_to({
        {.url = url_of(server.port(), "/livez")},
        {.url = url_of(server.port(), "/nowhere")},
        {.url = items, .method = Method::post, .body = "{}"},
    });
    EXPECT_EQ(answers[0].status, 200);
    EXPECT_EQ(answers[0].body, "ok\n");
    EXPECT_EQ(answers[1].status, 404);
    EXPECT_GE(answers[2].status, 400);
    EXPECT_LT(answers[2].status, 500);
    EXPECT_NE(answers[2].body.find("code"), std::string::npos);
}

Task<> connections_of_three(
    Runtime& lane, http_tests::RunningServer& server, std::size_t& connections
) {
    CurlClient client(lane, {});
    const ClientRequest request{.url = url_of(server.port(), "/livez")};
    for (int i = 0; i < 3; ++i) co_await client.send(request);
    connections = server.connections();
}

TEST(CurlClient, keeps_its_connection_for_the_next_call) {
    http_tests::RunningServer server({});
    asio_runtime::AsioRuntime runtime;
    std::size_t connections = 0;
    runtime.run(connections_of_three(runtime.add_lane("http", 0), server, connections));
    EXPECT_EQ(connections, 1U);
}

TEST(CurlClient, says_not_done_where_nobody_listens) {
    std::uint16_t port = 0;
    {
        const SilentPort closed;
        port = closed.port();
    }
    EXPECT_EQ(outcome_of({.url = url_of(port, "/")}), Outcome::not_done);
    EXPECT_EQ(outcome_of({.url = "file:///etc/passwd"}), Outcome::not_done);
}

TEST(CurlClient, says_unknown_where_no_answer_came_in_time) {
    const SilentPort silent;
    const ClientRequest request{
        .url = url_of(silent.port(), "/"), .method = Method::post, .within = Duration{50}
    };
    EXPECT_EQ(outcome_of(request), Outcome::unknown);
}

} // namespace
} // namespace backline::curl
