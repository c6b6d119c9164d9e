// At stake: what every answer of the shop carries, and what none may: causes, secrets, somebody else's bytes.
// How: single requests to a small shop behind the real router, on virtual time.
#include "platform/async/task_group.hpp"
#include "platform/base/invariant.hpp"
#include "tests/http/router_fixture.hpp"

#include <map>
#include <set>

namespace backline::http {
namespace {

class AnswersTest : public RouterFixture {};

TEST_F(AnswersTest, says_where_the_new_thing_is_and_which_version_it_has) {
    const Response made = make(good_item);
    EXPECT_EQ(made.status, 201);
    const std::string location = header(made, "location");
    EXPECT_TRUE(location.starts_with("/v1/items/itm_")) << location;
    EXPECT_EQ(header(made, "ETag"), "\"1\"");
    const Response shown = get(location);
    EXPECT_EQ(shown.body, made.body);
    EXPECT_EQ(make(good_item).status, 409);
}

TEST_F(AnswersTest, guards_versions) {
    const std::string location = header(make(good_item), "location");
    const auto change = [&](const Headers& headers) {
        Request request = Request::to(Method::patch, location, R"({"name":"Mixer 2"})");
        request.headers.set("Authorization", "Bearer staff");
        for (const auto& field : headers) request.headers.set(field.name, field.value);
        return send(std::move(request)).status;
    };
    EXPECT_EQ(change({}), 428);
    EXPECT_EQ(change({{"If-Match", "\"1\""}}), 200);
    EXPECT_EQ(change({{"If-Match", "\"1\""}}), 412);
    EXPECT_EQ(change({{"If-Match", "*"}}), 200);
}

TEST_F(AnswersTest, saves_the_body_for_who_has_it) {
    const std::string location = header(make(good_item), "location");
    Request request = Request::to(Method::get, location);
    request.headers.set("If-None-Match", "\"1\"");
    const Response response = send(std::move(request));
    EXPECT_EQ(response.status, 304);
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(header(response, "ETag"), "\"1\"");
}

TEST_F(AnswersTest, links_to_the_next_page) {
    make(good_item);
    EXPECT_EQ(header(get("/v1/items"), "Link"), "");
    make(R"({"name":"Speaker","quantity":1,"parts":[]})");
    const Response page = get("/v1/items?limit=7&after=x&tag=%26");
    EXPECT_EQ(header(page, "Link"), R"(</v1/items?limit=7&tag=%26&after=a%20b>; rel="next")");
    EXPECT_TRUE(page.body.starts_with(R"({"items":[{"id":"itm_)")) << page.body;
    EXPECT_TRUE(page.body.ends_with(R"(],"next":"a b"})")) << page.body;
}

TEST_F(AnswersTest, lists_the_methods_that_an_address_knows) {
    Request request = Request::to(Method::put, "/v1/items");
    EXPECT_EQ(header(send(std::move(request)), "Allow"), "GET, HEAD, POST");
}

TEST_F(AnswersTest, dresses_every_answer) {
    for (const std::string_view target : {"/v1/items", "/nothing", "/broken", "/page"}) {
        SCOPED_TRACE(target);
        const Response response = get(target);
        EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(header(response, "Referrer-Policy"), "no-referrer");
        EXPECT_EQ(header(response, "Cache-Control"), "no-store");
        EXPECT_TRUE(header(response, "Content-Security-Policy").starts_with("default-src 'none'"));
        EXPECT_TRUE(header(response, "Request-Id").starts_with("req_"));
        EXPECT_EQ(header(response, "Server"), "");
    }
}

TEST_F(AnswersTest, asks_for_a_token_and_says_when_to_come_back) {
    Request request = Request::to(Method::post, "/v1/items/7/orders/1");
    EXPECT_EQ(header(send(std::move(request)), "WWW-Authenticate"), "Bearer");
    const Response away = get("/away");
    EXPECT_EQ(header(away, "Retry-After"), "3");
    EXPECT_TRUE(has(away, R"("retry_after_ms":2500)")) << away.body;
}

TEST_F(AnswersTest, keeps_causes_to_the_log) {
    const Response broken = get("/broken");
    const std::string id = header(broken, "Request-Id");
    EXPECT_TRUE(has(broken, R"("instance":")" + id + '"'));
    for (const std::string_view secret : {"select", "secret", "/srv", "runtime_error"}) {
        EXPECT_FALSE(has(broken, secret)) << secret;
    }
    EXPECT_FALSE(has(get("/away"), "10.0.0.7"));
    EXPECT_NE(log.lines.at(0).find("select secret"), std::string::npos) << log.lines.at(0);
    EXPECT_NE(log.lines.at(0).find(id), std::string::npos);
    EXPECT_NE(metrics.text().find("backline_internal_errors_total 1"), std::string::npos);
}

TEST_F(AnswersTest, logs_one_line_per_request_without_what_the_caller_wrote) {
    get("/v1/items/itm_secret-name?x=secret-value");
    ASSERT_EQ(log.lines.size(), 1U);
    EXPECT_EQ(log.lines[0].find("secret"), std::string::npos) << log.lines[0];
    EXPECT_NE(
        log.lines[0].find(R"("route":"/v1/items/{item_id}","status":422,"code":"invalid")"),
        std::string::npos
    ) << log.lines[0];
}

TEST_F(AnswersTest, continues_a_trace_and_starts_one_where_there_is_none) {
    const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    Request request = Request::to(Method::get, "/v1/items");
    request.headers.set("traceparent", "00-" + trace + "-00f067aa0ba902b7-01");
    const std::string continued = header(send(std::move(request)), "traceparent");
    EXPECT_EQ(continued.substr(3, 32), trace);
    EXPECT_NE(continued.substr(36, 16), "00f067aa0ba902b7");
    const std::string started = header(get("/v1/items"), "traceparent");
    EXPECT_EQ(started.size(), 55U);
    EXPECT_NE(started.substr(3, 32), trace);
    Request bad = Request::to(Method::get, "/v1/items");
    bad.headers.set("traceparent", "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01");
    EXPECT_NE(header(send(std::move(bad)), "traceparent").substr(3, 32), std::string(32, '0'));
}

TEST_F(AnswersTest, marks_answers_that_may_be_kept) {
    const std::string location = header(make(good_item), "location");
    const Response kept = get(location);
    ASSERT_TRUE(kept.fresh_while.has_value());
    EXPECT_TRUE(kept.fresh_while->holds());
    ++shop.generation;
    EXPECT_FALSE(kept.fresh_while->holds());
    EXPECT_EQ(header(kept, "Request-Id"), "");
    Request with_token = Request::to(Method::get, location);
    with_token.headers.set("Authorization", "Bearer customer");
    EXPECT_FALSE(send(std::move(with_token)).fresh_while.has_value());
    EXPECT_FALSE(get(no_item).fresh_while.has_value());
}

/// Many readers of one page that is not kept; the page changes while it is made for them, and one more asks.
class ManyReadersTest : public AnswersTest {
protected:
    Task<> read(std::string target, std::string token = {}) {
        Request request = Request::to(Method::get, target);
        if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
        const Response response = co_await router.handle(std::move(request));
        ++statuses[response.status];
        bodies.insert(response.body);
    }

    Task<> read_at_once(std::string target, int times, bool changes) {
        TaskGroup readers;
        for (int i = 0; i < times; ++i) readers.spawn(read(target));
        if (changes) ++shop.generation;
        if (changes) readers.spawn(read(target));
        co_await readers.join();
    }

    Task<> search() {
        TaskGroup readers;
        for (const char* query : {"", "?after=a", "?after=b", "?after=a&limit=2", "?after=a"}) {
            readers.spawn(read(std::string("/v1/searches") + query));
        }
        co_await readers.join();
    }

    Task<> read_different_pages(std::string target) {
        TaskGroup readers;
        readers.spawn(read(target));
        readers.spawn(read(target, "customer"));
        readers.spawn(read(std::string(no_item)));
        co_await readers.join();
    }

    void run(Task<> task) { memory::run(loop, std::move(task)); }

    std::map<int, int> statuses;
    std::multiset<std::string> bodies;
};

TEST_F(ManyReadersTest, have_the_page_made_once) {
    const std::string location = header(make(good_item), "location");
    run(read_at_once(location, 100, false));
    EXPECT_EQ(shop.shown, 1);
    EXPECT_EQ(statuses, (std::map<int, int>{{200, 100}}));
    run(read_at_once(location, 100, false));
    EXPECT_EQ(shop.shown, 2) << "what has landed is not shared with who asks later";
}

TEST_F(ManyReadersTest, never_get_what_was_read_before_a_change_that_came_before_them) {
    const std::string location = header(make(good_item), "location");
    run(read_at_once(location, 100, true));
    EXPECT_EQ(shop.shown, 2);
    EXPECT_EQ(statuses, (std::map<int, int>{{200, 101}}));
}

TEST_F(ManyReadersTest, are_all_told_of_a_failure) {
    run(read_at_once(std::string(no_item), 100, false));
    EXPECT_EQ(shop.shown, 1);
    EXPECT_EQ(statuses, (std::map<int, int>{{404, 100}}));
}

TEST_F(ManyReadersTest, share_nothing_where_the_query_is_another) {
    run(search());
    EXPECT_EQ(shop.searched, 4);
    EXPECT_EQ(bodies, (std::multiset<std::string>{"all", "a", "b", "a", "a"}));
}

TEST_F(ManyReadersTest, share_nothing_with_other_pages_or_with_who_has_a_name) {
    const std::string location = header(make(good_item), "location");
    run(read_different_pages(location));
    EXPECT_EQ(shop.shown, 3);
    EXPECT_EQ(statuses, (std::map<int, int>{{200, 2}, {404, 1}}));
}

TEST_F(AnswersTest, is_the_same_for_the_same_seed) {
    memory::VirtualLoop other_loop{1};
    memory::VirtualRuntime other_runtime{other_loop};
    Router other{other_runtime, authenticator, log, metrics, Router::Settings{}};
    sample::ItemHandlers other_shop;
    other.add(other_shop.routes());
    const Response one = get("/nothing");
    const Response two =
        memory::run(other_loop, other.handle(Request::to(Method::get, "/nothing")));
    EXPECT_EQ(one.body, two.body);
    EXPECT_EQ(header(one, "traceparent"), header(two, "traceparent"));
}

TEST_F(AnswersTest, knows_how_large_a_body_may_be) {
    EXPECT_EQ(router.body_bytes_max(Method::post, "/v1/items"), 4096U);
    EXPECT_EQ(router.body_bytes_max(Method::patch, no_item), json_body_bytes_max);
    EXPECT_EQ(router.body_bytes_max(Method::post, "/nothing"), json_body_bytes_max);
}

TEST_F(AnswersTest, does_not_take_a_route_twice) {
    EXPECT_THROW(router.add(shop.routes()), InvariantBroken);
}

} // namespace
} // namespace backline::http
