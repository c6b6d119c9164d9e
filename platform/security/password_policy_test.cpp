// At stake: passwords that a stranger guesses within the tries that we allow, and good ones refused for no reason.
// Method: a table of passwords and what the policy says of each, for one person and one shop.
#include "platform/security/password_policy.hpp"

#include <gtest/gtest.h>

namespace backline::security {
namespace {

struct Row {
    std::string_view outcome;
    std::string password;
};

std::string repeated(std::string_view unit, std::size_t times) {
    std::string text;
    for (std::size_t each = 0; each < times; ++each) text += unit;
    return text;
}

constexpr std::string_view ok = "ok";
constexpr std::string_view common = "password_too_common";

const std::vector<Row> rows{
    {"password_too_short", ""},
    {"password_too_short", "Tr0ub4dor&3"},
    {"password_too_short", "fourteen chars"},
    {ok, "fifteen glyphs!"},
    {ok, "correct horse battery staple of mine"},
    {ok, "Mein Hund frisst am liebsten Zimtsterne"},
    {ok, "пароль из слов и ещё"},
    {ok, "犬も歩けば棒に当たると祖母が言っていた"},
    {ok, "😀😃😄😁😆😅😂🤣😊😇🙂🙃😉😌😍"},
    {ok, "kJ8#vQ2!mZ5^xW1&"},
    {ok, "gQ7vXw2ZpK4mRt9B"},
    {ok, "8402917364518203"},
    {ok, std::string("with a NUL\0 inside it", 21)},
    {ok, repeated("wanders ", 15) + "far"},
    {"password_too_long", repeated("x", 129)},
    {"password_too_long", repeated("ж", 129)},
    {ok, "a" + repeated("bж", 63) + "c"},
    {"password_not_text", "broken \xFF bytes are here"},
    {"password_not_text", "overlong \xC1\xB4 bytes here"},
    {common, repeated("a", 15)},
    {common, repeated("ab", 10)},
    {common, repeated("abcdef", 3)},
    {common, "123456789012345"},
    {common, "1234567890123456789"},
    {common, "987654321987654321"},
    {common, "abcdefghijklmnopqrstuvwxyz"},
    {common, "qwertyuiopasdfghjkl"},
    {common, "QWERTYUIOPasdfghjklZXCVBNM"},
    {common, "poiuytrewqlkjhgfdsa"},
    {common, "passwordpassword"},
    {common, "PasswordPassword1"},
    {common, "password1234567"},
    {common, "password 12345 password 12345"},
    {common, "P@ssw0rd-P@ssw0rd"},
    {common, "p4$$w0rd!p4$$w0rd!"},
    {common, "!!!password!!!!!!!!"},
    {common, "iloveyou iloveyou"},
    {common, "ILoveYou-Princess!"},
    {common, "Sunshine*Summer*2024"},
    {common, "dragon.monkey.football"},
    {common, "welcomewelcomewelcome"},
    {common, "correcthorsebatterystaple"},
    {common, "backlinebackline"},
    {common, "Backline-Backline-1"},
    {common, "Backline2024Backline"},
    {common, "ada.lovelace.1815"},
    {common, "AdaLovelace-password"},
    {common, "l0velace--l0velace"},
    {common, "example.com example.com"},
    {common, "adaadaadaadaadaadaada"},
    {ok, "Ada counted engines before breakfast"},
    {ok, "the backline smelled of warm valves"},
};

TEST(PasswordPolicy, says_what_the_table_says) {
    const std::vector<std::string> context =
        password_context("ada.lovelace@example.com", "Backline");
    for (const Row& row : rows) {
        const Result<void> answer = check_password(Secret<std::string>(row.password), context);
        EXPECT_EQ(answer ? ok : answer.error().refusal->code, row.outcome) << row.password;
    }
}

TEST(PasswordPolicy, points_to_the_field) {
    const Result<void> answer = check_password(Secret<std::string>("short"), {}, "#/new_password");
    ASSERT_FALSE(answer.has_value());
    const FieldError expected{
        "#/new_password", "password_too_short", "A password has at least 15 characters."
    };
    EXPECT_EQ(answer.error().errors, std::vector{expected});
}

TEST(PasswordPolicy, takes_the_words_of_address_and_shop_apart) {
    const std::vector<std::string> expected{
        "ada.lovelace",
        "ada",
        "lovelace",
        "example.com",
        "example",
        "com",
        "my backline",
        "backline"
    };
    EXPECT_EQ(password_context("Ada.Lovelace@example.com", "My Backline"), expected);
    EXPECT_TRUE(password_context("", "").empty());
}

} // namespace
} // namespace backline::security
