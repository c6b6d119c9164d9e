// At stake: paths, queries and environment variables obey the same limits as bodies.
// Tested by a table per kind, and by queries.
#include "platform/schema/plain.hpp"
#include "platform/schema/sample_test.hpp"

#include <gtest/gtest.h>

namespace backline::schema {

struct Search {
    Bounded<int, 1, 100> limit = Bounded<int, 1, 100>::of(20);
    std::optional<Text<1, 10>> words;
    List<sample::Status, 2> status;
};
BOOST_DESCRIBE_STRUCT(Search, (), (limit, words, status))

std::vector<FieldError> check(const Search& search) {
    if (search.words != Text<1, 10>::of("nothing")) return {};
    return {{"#/words", "pointless", "finds nothing"}};
}

namespace {

template <class T> std::string code(std::string_view text) {
    T value{};
    const std::optional<FieldError> error = read_plain(type_of<T>(), &value, text, "here");
    return error ? error->code : "ok " + plain_text(type_of<T>(), &value);
}

TEST(Plain, reads_every_scalar) {
    EXPECT_EQ(code<int>("-12"), "ok -12");
    EXPECT_EQ(code<bool>("true"), "ok true");
    EXPECT_EQ(code<sample::Status>("paid"), "ok paid");
    EXPECT_EQ(code<sample::Sku>("MIX"), "ok MIX");
    EXPECT_EQ(code<std::optional<Instant>>("2026-11-23T09:00:00Z"), "ok 2026-11-23T09:00:00.000Z");
}

TEST(Plain, refuses_what_is_none) {
    for (const std::string_view bad : {"", " 1", "1 ", "+1", "1.0", "0x1", "1e3", "one"}) {
        EXPECT_EQ(code<int>(bad), "wrong_type") << bad;
    }
    EXPECT_EQ(code<int>("99999999999999999999"), "out_of_range");
    EXPECT_EQ(code<std::int8_t>("128"), "out_of_range");
    EXPECT_EQ(code<bool>("TRUE"), "wrong_type");
    EXPECT_EQ(code<sample::Status>("Paid"), "unknown_value");
    EXPECT_EQ(code<sample::OrderId>("ord_1"), "too_short");
}

TEST(Plain, has_no_text_for_secrets) {
    const Secret<std::string> secret("x");
    EXPECT_THROW((void)plain_text(type_of<Secret<std::string>>(), &secret), InvariantBroken);
}

std::string query(std::vector<PlainPair> pairs) {
    Search search;
    const Result<void> done = read_query(type_of<Search>(), &search, pairs);
    if (done) return "ok";
    std::string text;
    for (const FieldError& error : done.error().errors)
        text += error.pointer + " " + error.code + ";";
    return text;
}

TEST(Plain, reads_queries) {
    Search search;
    const std::vector<PlainPair> pairs{
        {"status", "paid"}, {"words", "mixer"}, {"status", "placed"}
    };
    ASSERT_TRUE(read_query(type_of<Search>(), &search, pairs));
    EXPECT_EQ(search.limit.value(), 20);
    EXPECT_EQ(search.words->text(), "mixer");
    EXPECT_EQ(search.status.size(), 2);
}

TEST(Plain, tells_all_that_is_wrong_with_a_query) {
    EXPECT_EQ(query({}), "ok");
    EXPECT_EQ(
        query({{"limit", "0"}, {"page", "2"}, {"words", ""}, {"a b", ""}}),
        "?limit out_of_range;?page unknown_field;?words too_short;?a%20b unknown_field;"
    );
    EXPECT_EQ(query({{"limit", "1"}, {"limit", "2"}}), "?limit duplicate_key;");
    EXPECT_EQ(
        query({{"status", "paid"}, {"status", "paid"}, {"status", "paid"}}), "?status too_many;"
    );
    EXPECT_EQ(query({{"words", "nothing"}}), "?words pointless;");
}

} // namespace
} // namespace backline::schema
