// At stake: an answer that is served although its data has changed, or memory that grows with every target that a
// stranger thinks of. How: the cache by itself, with a counter in hand.
#include "platform/http/answer_cache.hpp"
#include "platform/http/response_text.hpp"

#include <gtest/gtest.h>

namespace backline::http {
namespace {

Response answer_of(const std::uint64_t& generation, std::string body) {
    Response response{.content_type = "text/plain", .body = std::move(body)};
    response.fresh_while.emplace(&generation, generation);
    return response;
}

const std::string date = http_date(Instant{});

TEST(AnswerCache, finds_what_is_fresh_and_only_that) {
    std::uint64_t generation = 7;
    AnswerCache cache(100'000);
    EXPECT_EQ(cache.find("/a"), nullptr);
    cache.keep("/a", answer_of(generation, "one"), date);
    ASSERT_NE(cache.find("/a"), nullptr);
    EXPECT_EQ(cache.find("/a")->body, "one");
    ++generation;
    EXPECT_EQ(cache.find("/a"), nullptr);
    cache.keep("/a", answer_of(generation, "two"), date);
    EXPECT_EQ(cache.find("/a")->body, "two");
}

TEST(AnswerCache, keeps_what_is_asked_for_and_forgets_the_rest) {
    std::uint64_t generation = 1;
    AnswerCache cache(20'000);
    cache.keep("/often", answer_of(generation, "x"), date);
    cache.keep("/once", answer_of(generation, "x"), date);
    for (int i = 0; i < 1'000; ++i) {
        cache.keep("/" + std::to_string(i), answer_of(generation, std::string(500, 'x')), date);
        ASSERT_NE(cache.find("/often"), nullptr) << i;
    }
    EXPECT_EQ(cache.find("/once"), nullptr);
    EXPECT_EQ(cache.find("/500"), nullptr);
    EXPECT_NE(cache.find("/999"), nullptr);
}

} // namespace
} // namespace backline::http
