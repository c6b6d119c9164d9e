// At stake: an answer that is served although its data has changed, or memory that grows with every target that a
// stranger thinks of. How: the cache by itself, with a counter in hand.
#include "platform/http/answer_cache.hpp"
#include "platform/http/response_text.hpp"

#include <gtest/gtest.h>

namespace backline::http {
namespace {

using Counters = std::vector<const std::uint64_t*>;

Response answer_of(const Counters& counters, std::string body) {
    Response response{.content_type = "text/plain", .body = std::move(body)};
    response.fresh_while = Freshness::now(counters);
    return response;
}

const std::string date = http_date(Instant{});

TEST(AnswerCache, finds_what_is_fresh_and_only_that) {
    std::uint64_t products = 7;
    std::uint64_t prices = 1;
    const Counters both{&products, &prices};
    AnswerCache cache(100'000);
    EXPECT_EQ(cache.find("/a"), nullptr);
    cache.keep("/a", answer_of(both, "one"), date);
    ASSERT_NE(cache.find("/a"), nullptr);
    EXPECT_EQ(cache.find("/a")->body, "one");
    ++prices;
    EXPECT_EQ(cache.find("/a"), nullptr);
    cache.keep("/a", answer_of(both, "two"), date);
    EXPECT_EQ(cache.find("/a")->body, "two");
    ++products;
    EXPECT_EQ(cache.find("/a"), nullptr);
}

TEST(AnswerCache, keeps_what_is_asked_for_and_forgets_the_rest) {
    const std::uint64_t generation = 1;
    const Counters one{&generation};
    AnswerCache cache(20'000);
    cache.keep("/often", answer_of(one, "x"), date);
    cache.keep("/once", answer_of(one, "x"), date);
    for (int i = 0; i < 1'000; ++i) {
        cache.keep("/" + std::to_string(i), answer_of(one, std::string(500, 'x')), date);
        ASSERT_NE(cache.find("/often"), nullptr) << i;
    }
    EXPECT_EQ(cache.find("/once"), nullptr);
    EXPECT_EQ(cache.find("/500"), nullptr);
    EXPECT_NE(cache.find("/999"), nullptr);
}

} // namespace
} // namespace backline::http
