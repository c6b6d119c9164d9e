// At stake: a cursor that reads back as another place skips documents; one that comes from a stranger may be anything.
// How: keys of every kind there and back, and texts that are no cursors.
#include "platform/store/cursor.hpp"

#include <gtest/gtest.h>

namespace backline::store {
namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

void expect_there_and_back(const Key& key, const std::string& id) {
    const std::string text = encode_cursor(key, id);
    const auto read = decode_cursor(text);
    ASSERT_TRUE(read.has_value()) << text;
    EXPECT_EQ(read->first, key) << text;
    EXPECT_EQ(read->second, id) << text;
}

TEST(Cursor, reads_back_as_the_key_and_id_that_it_was_made_of) {
    expect_there_and_back({}, "id");
    expect_there_and_back({"text"}, "id");
    expect_there_and_back({Value{}}, "id");
    expect_there_and_back({0, lowest, highest, -1}, "id");
    expect_there_and_back({"a", 5, Value{}, "", "n", "i5", "t61"}, "");
    expect_there_and_back({"dots . and ..."}, "also.here");
    expect_there_and_back({std::string("\0\x01\xFF", 3)}, "\xF0\x9F\x8E\xB8\n\"");
    expect_there_and_back({std::string(20'000, 'k')}, std::string(1'000, 'i'));
}

TEST(Cursor, tells_a_number_from_its_text) {
    EXPECT_NE(encode_cursor({1}, "id"), encode_cursor({"1"}, "id"));
}

TEST(Cursor, can_stand_in_an_address_without_escapes) {
    const std::string text = encode_cursor({-5, "a b&c=d/#?", Value{}}, "\xC3\xA9 %");
    const auto plain = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-';
    };
    EXPECT_TRUE(std::ranges::all_of(text, plain)) << text;
}

TEST(Cursor, is_not_made_of_anything_else) {
    for (const char* text : {
             "",
             ".",
             "..",
             "t61.",
             ".t61",
             "i1",
             "n",
             "n.n",
             "t61.i1",
             "t6",
             "t6g",
             "t6G",
             "t6A",
             "i.t61",
             "i-.t61",
             "i+1.t61",
             "i1x.t61",
             "i 1.t61",
             "i9223372036854775808.t61",
             "x1.t61",
             "n1.t61",
             "T61",
             "t61 ",
             "t61..t61",
             "\xFF",
             "t\xFF\xFF",
         }) {
        EXPECT_FALSE(decode_cursor(text).has_value()) << text;
    }
}

TEST(Cursor, survives_a_very_long_text_from_a_stranger) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "n.";
    EXPECT_FALSE(decode_cursor(text).has_value());
    EXPECT_EQ(decode_cursor(text + "t61")->first.size(), 100'000U);
}

} // namespace
} // namespace backline::store
