// At stake: whatever answers on Redis' port, a request must not hang, crash or get somebody else's words.
// How: a server of the test's own that greets as Redis does and then says what the test tells it to.
#include "adapters/redis/bench_test.hpp"
#include "adapters/redis/redis_cache.hpp"

#include <atomic>
#include <utility>

namespace backline::redis {
namespace {

/// Answers each chunk of bytes that comes with the next of its lines; when there are no more, with the last one again.
class StrangeServer final {
public:
    explicit StrangeServer(std::vector<std::string> answers)
        : answers_(std::move(answers))
        , listener_(bind_free_port(port_)) {
        EXPECT_EQ(::listen(listener_, 16), 0);
        thread_ = std::thread([this] { serve(); });
    }

    StrangeServer(const StrangeServer&) = delete;
    StrangeServer& operator=(const StrangeServer&) = delete;

    ~StrangeServer() {
        stopping_ = true;
        ::shutdown(listener_, SHUT_RDWR);
        ::shutdown(client_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    [[nodiscard]] Settings settings() const {
        Settings settings;
        settings.port = port_;
        settings.answers_within = settings.connects_within = Duration{500};
        return settings;
    }

    [[nodiscard]] int connections() const { return connections_; }

private:
    void serve() {
        while (!stopping_) {
            client_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (client_ < 0) return;
            ++connections_;
            answer();
            ::close(client_.exchange(-1));
        }
    }

    /// An empty answer ends the connection.
    void answer() const {
        std::vector<char> room(1U << 16U);
        for (std::size_t i = 0; ::recv(client_, room.data(), room.size(), 0) > 0; ++i) {
            const std::string& bytes = answers_[std::min(i, answers_.size() - 1)];
            if (bytes.empty()) return;
            if (::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return;
        }
    }

    std::vector<std::string> answers_;
    std::uint16_t port_ = 0;
    int listener_;
    std::atomic<int> client_{-1};
    std::atomic<int> connections_{0};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

constexpr const char* pong = "+PONG\r\n";

TEST(StrangeServer, gets_no_second_question_on_a_connection_that_it_spoilt) {
    for (const std::string& answer : {
             std::string("HTTP/1.1 400 Bad Request\r\n\r\n"),
             std::string("*2000000000\r\n"),
             std::string("+OK\r\n+and another one\r\n"),
             std::string(),
         }) {
        const StrangeServer server({pong, answer, "+never\r\n"});
        Bench bench;
        bench.connect(server.settings());
        const auto first = bench.call({"GET", "key"});
        EXPECT_TRUE(!first || first->text == "OK") << answer;
        EXPECT_TRUE(bench.eventually([&] { return server.connections() > 1; })) << answer;
        const auto second = bench.call({"GET", "key"});
        EXPECT_TRUE(!second || second->text == "OK") << answer;
    }
}

TEST(StrangeServer, is_waited_for_when_half_an_answer_comes_but_not_for_long) {
    const StrangeServer server({pong, "$9\r\nhalf", "-half\r\n:7\r\n"});
    Bench bench;
    bench.connect(server.settings());
    EXPECT_FALSE(bench.call({"GET", "key"}).has_value());
    const auto next = bench.call({"INCR", "number"});
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(next->integer, 7) << "the other half was not taken for this answer";
}

TEST(StrangeServer, that_still_loads_its_data_is_no_server_yet) {
    const StrangeServer server({"-LOADING Redis is loading the dataset in memory\r\n"});
    Bench bench;
    bench.begin(server.settings());
    EXPECT_TRUE(bench.eventually([&] { return server.connections() > 2; }));
    EXPECT_FALSE(bench.connection().up());
    EXPECT_TRUE(bench.told.back().starts_with("LOADING"));
}

TEST(StrangeServer, whose_answers_are_of_no_use_is_not_asked_for_a_while) {
    for (const std::string word : {"LOADING", "BUSY", "MASTERDOWN"}) {
        const StrangeServer server({pong, "-" + word + " try later\r\n"});
        Bench bench;
        bench.connect(server.settings());
        for (int i = 0; i < 5; ++i) EXPECT_FALSE(bench.call({"GET", "key"}).has_value());
        EXPECT_FALSE(bench.connection().up()) << word;
    }
}

TEST(StrangeServer, that_knows_no_scripts_is_a_cache_that_keeps_nothing) {
    const StrangeServer server({pong, "-NOSCRIPT No matching script\r\n", ":5\r\n"});
    Bench bench;
    bench.connect(server.settings());
    RedisCache cache(bench.runtime, bench.connection(), "cache");
    bench.run(cache.put("key", {1, "bytes"}, Duration{1'000}));
    EXPECT_EQ(bench.run(cache.get("key")), std::nullopt);
}

TEST(StrangeServer, that_never_greets_is_left_and_tried_again) {
    const StrangeServer server({"$100\r\n"});
    Bench bench;
    bench.begin(server.settings());
    EXPECT_TRUE(bench.eventually([&] { return server.connections() > 2; }));
    EXPECT_FALSE(bench.connection().up());
    EXPECT_FALSE(bench.call({"GET", "key"}).has_value());
}

} // namespace
} // namespace backline::redis
