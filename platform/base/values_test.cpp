// At stake: services never re-check a Bounded, a Text or an Email, because none can be made that breaks its rules.
// Tested by tables at and beyond every limit.
#include "platform/base/bounded.hpp"
#include "platform/base/patch.hpp"
#include "platform/base/secret.hpp"
#include "platform/base/text.hpp"
#include "platform/base/utf8.hpp"

#include <gtest/gtest.h>

namespace backline {
namespace {

using Rating = Bounded<std::int8_t, 1, 5>;
using Title = Text<2, 4>;

TEST(Bounded, takes_what_is_in_range_and_nothing_else) {
    EXPECT_EQ(Rating::from(1)->value(), 1);
    EXPECT_EQ(Rating::from(5)->value(), 5);
    EXPECT_FALSE(Rating::from(0));
    EXPECT_FALSE(Rating::from(6));
    EXPECT_FALSE(Rating::from(257)) << "must not wrap to 1";
    EXPECT_FALSE(Rating::from(std::uint64_t{1} << 63));
}

TEST(Bounded, is_its_lowest_value_by_default_and_compares) {
    EXPECT_EQ(Rating{}.value(), 1);
    EXPECT_LT(Rating::of(2), Rating::of(3));
    EXPECT_THROW((void)Rating::of(9), InvariantBroken);
}

TEST(Text, counts_code_points_and_not_bytes) {
    EXPECT_TRUE(Title::parse("äöüß"));
    EXPECT_TRUE(Title::parse("🎸🎸"));
    EXPECT_FALSE(Title::parse("🎸"));
    EXPECT_FALSE(Title::parse("abcde"));
    EXPECT_FALSE(Title::parse(""));
}

TEST(Text, refuses_control_characters_but_for_line_feed_and_tab) {
    EXPECT_TRUE(Title::parse("a\nb"));
    EXPECT_TRUE(Title::parse("a\tb"));
    EXPECT_FALSE(Title::parse("a\rb"));
    EXPECT_FALSE(Title::parse(std::string_view("a\0b", 3)));
    EXPECT_FALSE(Title::parse("a\x7F"));
}

TEST(Text, keeps_what_was_stored_under_older_rules) {
    EXPECT_EQ(Title::unchecked("far too long").text(), "far too long");
    EXPECT_THROW((void)Title::of("far too long"), InvariantBroken);
}

TEST(Utf8, knows_every_way_of_being_ill_formed) {
    for (const std::string_view bad :
         {"\x80",
          "\xC0\x80",
          "\xC1\xBF",
          "\xC3",
          "\xE0\x80\x80",
          "\xE2\x82",
          "\xED\xA0\x80",
          "\xEF\xBF",
          "\xF0\x80\x80\x80",
          "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80",
          "\xFF",
          "a\xE2(\xA1"}) {
        EXPECT_EQ(code_points(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(code_points("\u00e9\u20ac\U0010FFFF\U00010000\uFFFD"), 5);
}

TEST(Email, takes_what_mail_servers_take) {
    for (const std::string_view good :
         {"ada@example.com",
          "a.b+c_d@mail.example.co.uk",
          "x@xn--bcher-kva.example",
          "o'neil@ex.ie",
          "A@B.CD"}) {
        EXPECT_TRUE(Email::parse(good)) << good;
    }
}

TEST(Email, refuses_what_is_no_address_or_could_smuggle_something) {
    for (const std::string_view bad :
         {"",
          "ada",
          "@example.com",
          "ada@",
          "ada@example",
          "ada@@example.com",
          "a@b@c.com",
          ".ada@example.com",
          "ada.@example.com",
          "a..b@example.com",
          "ada@example..com",
          "ada@-ex.com",
          "ada@ex-.com",
          "ada@1.2.3.4",
          "ada@[1.2.3.4]",
          "ada lovelace@example.com",
          "ada@example.com\nBcc: x@y.zz",
          "ada@example.com ",
          "\"a\"@example.com",
          "ada@exämple.com",
          "ada@example.c",
          "ada,bob@example.com",
          "<ada@example.com>"}) {
        EXPECT_FALSE(Email::parse(bad)) << bad;
    }
    EXPECT_FALSE(Email::parse(std::string(65, 'a') + "@example.com"));
    EXPECT_TRUE(Email::parse(std::string(64, 'a') + "@example.com"));
}

TEST(Email, has_one_key_for_all_spellings) {
    EXPECT_EQ(email_key(Email::of("Ada@Example.COM")), "ada@example.com");
}

TEST(Patch, tells_absent_null_and_value_apart) {
    std::optional<int> target = 1;
    Patch<int>().apply_to(target);
    EXPECT_EQ(target, 1);
    Patch<int>(2).apply_to(target);
    EXPECT_EQ(target, 2);
    Patch<int>::null().apply_to(target);
    EXPECT_EQ(target, std::nullopt);
    EXPECT_NE(Patch<int>(), Patch<int>::null());
}

} // namespace
} // namespace backline
