// At stake: paths and queries are the first thing that a stranger writes into the shop. How: tables of targets, and of
// what is made of them.
#include "platform/http/message.hpp"
#include "platform/http/response_text.hpp"

#include <gtest/gtest.h>

namespace backline::http {
namespace {

TEST(Target, is_split_and_decoded) {
    const Request request = Request::to(Method::get, "/v1/a%20b?x=1&y=a+b%26c&z&x=2&=e");
    EXPECT_EQ(request.path, "/v1/a%20b");
    const QueryPairs expected{{"x", "1"}, {"y", "a b&c"}, {"z", ""}, {"x", "2"}, {"", "e"}};
    EXPECT_EQ(request.query, expected);
}

TEST(Target, is_refused_when_it_is_no_clean_text) {
    for (const std::string_view target :
         {"",
          "x",
          "http://a/b",
          "*",
          "?x",
          "/a#b",
          "/%",
          "/%4",
          "/%zz",
          "/?x=%",
          "/%00",
          "/?x=%0a",
          "/%ff",
          "/%c0%af",
          "/%ed%a0%80",
          "/\x7f"}) {
        Request request;
        EXPECT_FALSE(request.set_target(target)) << target;
    }
}

TEST(Percent, comes_back_as_it_went) {
    const std::string text = "a b/c?d=e&f+g%\xC3\xA9~";
    EXPECT_EQ(percent_encoded(text), "a%20b%2Fc%3Fd%3De%26f%2Bg%25%C3%A9~");
    EXPECT_EQ(percent_decoded(percent_encoded(text)), text);
}

TEST(Headers, compare_names_without_case) {
    Headers headers{{"Content-Type", "a"}, {"content-type", "b"}};
    EXPECT_EQ(headers.find("CONTENT-TYPE"), "a");
    EXPECT_FALSE(headers.has("Content-Typ"));
    headers.set("content-TYPE", "c");
    EXPECT_EQ(headers.size(), 1U);
    EXPECT_EQ(headers.find("content-type"), "c");
}

TEST(Method, comes_back_by_its_name) {
    using enum Method;
    for (const Method method : {get, head, post, put, patch, del, options}) {
        EXPECT_EQ(method_named(name_of(method)), method);
    }
    for (const std::string_view name : {"TRACE", "get", "", "CONNECT"}) {
        EXPECT_EQ(method_named(name), other);
    }
}

TEST(ResponseText, tells_the_date_as_http_wants_it) {
    EXPECT_EQ(http_date(Instant{Duration{784'111'777'000}}), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(Instant{}).size(), date_size);
}

TEST(ResponseText, lets_no_value_end_its_line) {
    Response response{.status = 201, .content_type = "text/plain", .body = "hello"};
    response.headers.set("Location", "/a\r\nSet-Cookie: b");
    std::string head;
    append_head(response, http_date(Instant{}), head);
    EXPECT_EQ(
        head,
        "HTTP/1.1 201 Created\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: "
        "text/plain\r\n"
        "Content-Length: 5\r\nLocation: /a  Set-Cookie: b\r\n"
    );
    EXPECT_EQ(head.substr(date_offset(response), 3), "Thu");
}

} // namespace
} // namespace backline::http
