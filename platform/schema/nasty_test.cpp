// At stake: JSON that is not quite JSON, or that costs far more than its length.
// Tested by a table of texts around one raw value, and by bombs that must be refused without being built.
#include "platform/schema/json.hpp"
#include "platform/schema/sample_test.hpp"

#include <gtest/gtest.h>

namespace backline::schema {
namespace {

std::string verdict(std::string_view text) {
    const Result<Json> read_back = read<Json>(text);
    return read_back ? read_back->text : std::string(read_back.error().refusal->code);
}

TEST(Nasty, refuses_what_is_not_one_json_value) {
    using namespace std::string_view_literals;
    for (const std::string_view bad :
         {""sv,          " "sv,         "{"sv,        "[1,]"sv,     "{\"a\":1,}"sv,
          "[1 2]"sv,     "{\"a\" 1}"sv, "{a:1}"sv,    "{'a':1}"sv,  "1 2"sv,
          "[1]]"sv,      "{} x"sv,      "// c\n1"sv,  "/* */1"sv,   "\xEF\xBB\xBF{}"sv,
          "nul"sv,       "True"sv,      "Infinity"sv, ".5"sv,       "5."sv,
          "1e"sv,        "0x10"sv,      "\"a\nb\""sv, "\"a\tb\""sv, "\"\\x\""sv,
          "\"\\u12\""sv, "\"a"sv,       "\"\\\""sv,   "{\"a\":1"sv, "[1,,2]"sv,
          "\0"sv,        "1\0"sv,       "{}\0"sv}) {
        EXPECT_EQ(verdict(bad), "malformed_json") << bad;
    }
}

TEST(Nasty, refuses_broken_texts) {
    using namespace std::string_view_literals;
    for (const std::string_view bad :
         {R"("\ud800")"sv,
          R"("\udc00")"sv,
          R"("\ud800\ud800")"sv,
          R"("\ud800x")"sv,
          "\"\xFF\""sv,
          "\"\xC0\x80\""sv,
          "\"\xED\xA0\x80\""sv,
          "\"\xF5\x80\x80\x80\""sv,
          "\"\xE2\x82\""sv,
          "{\"\xFF\":1}"sv,
          R"("a\u0000b")"sv,
          R"({"a\u0000":1})"sv,
          "\"a\0b\""sv}) {
        EXPECT_EQ(verdict(bad), "malformed_json") << bad;
    }
}

TEST(Nasty, keeps_raw_json_in_its_meaning) {
    for (const auto& [text, kept] :
         std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {" { \"a\" : [ 1 , 2.50 , -0.0 , 1E5 ] , \"b\" : null } ",
              R"({"a":[1,2.50,-0.0,1E5],"b":null})"},
             {"[[],{},[{}],true,false]", "[[],{},[{}],true,false]"},
             {R"("\ud83c\udfb8 \u00e9 \/ \\ \" \b\f\n\r\t \u001f")",
              "\"\U0001F3B8 \u00e9 / \\\\ \\\" \\b\\f\\n\\r\\t \\u001f\""},
             {"123456789012345678901234567890.5", "123456789012345678901234567890.5"},
             {R"({"z":1,"a":2})", R"({"z":1,"a":2})"},
             {"null", "null"}
         }) {
        EXPECT_EQ(verdict(text), kept);
    }
}

TEST(Nasty, nests_32_deep_and_no_deeper) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(verdict(nested(32)), nested(32));
    EXPECT_EQ(verdict(nested(33)), "malformed_json");
    EXPECT_EQ(verdict(std::string(1'000'000, '[')), "malformed_json");
    std::string objects;
    for (int depth = 0; depth < 100'000; ++depth) objects += R"({"a":)";
    EXPECT_EQ(verdict(objects), "malformed_json");
    EXPECT_FALSE(read<sample::Order>(R"({"x":)" + nested(1'000'000) + "}"));
}

TEST(Nasty, says_where_reading_stopped) {
    EXPECT_EQ(read<Json>(R"({"a":1,})").error().detail, "Reading stopped at byte 7: syntax error.");
    EXPECT_EQ(
        read<Json>(R"("a\u0000")").error().detail.find("a string holds \\u0000") !=
            std::string::npos,
        true
    );
}

TEST(Nasty, builds_no_more_elements_than_a_list_may_have) {
    std::string text = "[";
    for (int index = 0; index < 100'000; ++index) text += "0,";
    text.back() = ']';
    std::vector<int> numbers;
    const Result<void> done = read(type_of<std::vector<int>>(), &numbers, text, Reading::strict);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().errors.size(), 1);
    EXPECT_LE(numbers.size(), 1000);
}

TEST(Nasty, cuts_long_keys_in_pointers) {
    const Result<sample::Address> read_back =
        read<sample::Address>("{\"city\":\"Bonn\",\"" + std::string(100'000, 'k') + "\":1}");
    ASSERT_FALSE(read_back);
    EXPECT_LT(read_back.error().errors.at(0).pointer.size(), 200);
}

} // namespace
} // namespace backline::schema
