// At stake: a token of a session that has ended opens a process that was not there to hear of it.
// How: the User Service beside a feed that is flushed and goes away, and, on a bench of its own, what other processes
// run instead.
#include "services/users/feature_test.hpp"

#include <gtest/gtest.h>

#include <map>

namespace backline::users {

namespace {

using security::EndedSession;

constexpr Duration moment{3'000}; ///< Within which a feed is mended.

class FakeFeed final : public security::EndedSessionFeed {
public:
    bool away = false;
    bool marked = false;
    std::map<std::string, Instant> list;

    void flush() {
        marked = false;
        list.clear();
    }

    Task<bool> publish(EndedSession ended) override {
        if (!away) list[ended.session] = ended.until;
        co_return !away;
    }

    Task<bool> restore(std::vector<EndedSession> all) override {
        if (away) co_return false;
        marked = true;
        for (const EndedSession& each : all) list[each.session] = each.until;
        co_return true;
    }

    Task<bool> whole() override { co_return !away && marked; }

    Task<std::optional<std::vector<EndedSession>>> all() override {
        if (away || !marked) co_return std::nullopt;
        std::vector<EndedSession> all;
        for (const auto& [session, until] : list) all.push_back({session, until});
        co_return all;
    }
};

struct FedShop {
    FakeFeed feed;
    UserShop shop{&feed};

    /// The id of a session that ends now.
    std::string end_one() {
        const Tokens tokens = shop.log_in("carl@example.com");
        shop.bench.call({"DELETE", "/v1/sessions/current", {}, tokens.access_token});
        shop.bench.settle();
        return tokens.session.text();
    }
};

/// What a process that runs other services hears.
struct Elsewhere {
    FakeFeed feed;
    std::map<std::string, Instant> ended;
    std::unique_ptr<ServiceBench> bench;

    void start() {
        const auto watch = [this](Backends on) {
            const auto note = [this](const std::string& session, Instant until) {
                ended[session] = until;
            };
            return make_session_watch(on.runtime, feed, note);
        };
        bench = std::make_unique<ServiceBench>(std::vector<ServiceBench::Make>{watch});
    }
};

} // namespace

TEST(EndedSessionFeed, is_whole_from_the_start_and_hears_of_every_end) {
    FedShop on;
    EXPECT_TRUE(on.feed.marked);
    EXPECT_TRUE(on.feed.list.empty());
    const std::string ended = on.end_one();
    ASSERT_TRUE(on.feed.list.contains(ended));
    EXPECT_GE(on.feed.list[ended] - on.shop.bench.now(), security::access_lifetime_max);
}

TEST(EndedSessionFeed, is_made_again_when_it_was_flushed) {
    FedShop on;
    const std::string one = on.end_one();
    on.feed.flush();
    const std::string other = on.end_one();
    on.shop.bench.advance(moment);
    EXPECT_TRUE(on.feed.marked);
    EXPECT_TRUE(on.feed.list.contains(one));
    EXPECT_TRUE(on.feed.list.contains(other));
}

TEST(EndedSessionFeed, gets_later_what_it_could_not_take) {
    FedShop on;
    on.feed.away = true;
    const std::string ended = on.end_one();
    on.shop.bench.advance(moment);
    on.feed.away = false;
    EXPECT_TRUE(on.feed.marked) << "it was away, not flushed, so nothing tells that it lacks one";
    on.shop.bench.advance(moment);
    EXPECT_TRUE(on.feed.list.contains(ended));
}

TEST(EndedSessionFeed, is_made_again_by_a_new_process) {
    FedShop on;
    const std::string ended = on.end_one();
    on.feed.list.clear();
    on.shop.bench.restart();
    EXPECT_TRUE(on.feed.list.contains(ended));
}

TEST(SessionWatch, knows_from_its_start_what_has_ended) {
    Elsewhere process;
    process.feed.marked = true;
    process.feed.list["ses_1"] = Instant{Duration{7}};
    process.start();
    EXPECT_EQ(process.ended, process.feed.list);
}

TEST(SessionWatch, hears_what_ends) {
    Elsewhere process;
    process.feed.marked = true;
    process.start();
    const SessionId session = SessionId::from_parts(process.bench->now(), 1, 2);
    const Instant until = process.bench->now() + Duration{60'000};
    process.bench->deliver(SessionEnded{session, until}, {.subject = session.text()});
    EXPECT_EQ(process.ended, (std::map<std::string, Instant>{{session.text(), until}}));
}

TEST(SessionWatch, finds_what_came_to_the_feed_later) {
    Elsewhere process;
    process.feed.marked = true;
    process.start();
    process.feed.list["ses_1"] = Instant{Duration{7}};
    process.bench->advance(Duration{12'000});
    EXPECT_EQ(process.ended, process.feed.list);
}

TEST(SessionWatch, takes_no_feed_that_is_not_whole) {
    Elsewhere process;
    process.feed.list["ses_1"] = Instant{Duration{7}};
    process.start();
    EXPECT_TRUE(process.ended.empty()) << "what is not whole says nothing";
    process.feed.marked = true;
    process.bench->advance(Duration{1'000});
    EXPECT_EQ(process.ended, process.feed.list);
}

TEST(SessionWatch, starts_without_a_feed_and_reads_it_when_it_is_back) {
    Elsewhere process;
    process.feed.away = true;
    process.start();
    const Instant started{Duration{1'700'000'000'000}};
    EXPECT_GE(process.bench->now() - started, Duration{5'000});
    EXPECT_LE(process.bench->now() - started, Duration{6'000});
    process.bench->advance(Duration{60'000});
    process.feed.away = false;
    process.feed.marked = true;
    process.feed.list["ses_1"] = Instant{Duration{7}};
    process.bench->advance(Duration{1'500});
    EXPECT_EQ(process.ended, process.feed.list);
}

} // namespace backline::users
