// At stake: mails that other programs cannot read.
// Method: lines compared with what the standards' own examples and other programs write.
#include "adapters/smtp/message.hpp"

#include <gtest/gtest.h>

namespace backline::smtp {
namespace {

TEST(MailMessage, dates_are_rfc_5322) {
    EXPECT_EQ(mail_date(Instant(Duration(0))), "Thu, 01 Jan 1970 00:00:00 +0000");
    EXPECT_EQ(mail_date(Instant(Duration(1'700'000'000'999))), "Tue, 14 Nov 2023 22:13:20 +0000");
    EXPECT_EQ(mail_date(Instant(Duration(1'709'208'000'000))), "Thu, 29 Feb 2024 12:00:00 +0000");
}

TEST(MailMessage, plain_text_is_left_alone) {
    EXPECT_EQ(encoded_words("Your order 17 = paid?"), "Your order 17 = paid?");
    EXPECT_EQ(encoded_words(""), "");
}

TEST(MailMessage, other_text_becomes_encoded_words) {
    EXPECT_EQ(encoded_words("Grüße"), "=?utf-8?B?R3LDvMOfZQ==?=");
    EXPECT_EQ(encoded_words("é"), "=?utf-8?B?w6k=?=");
    EXPECT_EQ(encoded_words("éa"), "=?utf-8?B?w6lh?=");
}

TEST(MailMessage, encoded_words_are_short_and_never_split_a_character) {
    std::string text;
    for (int each = 0; each < 40; ++each) text += each % 2 == 0 ? "犬" : "🎛";
    const std::string words = encoded_words(text);
    std::size_t begin = 0;
    while (begin < words.size()) {
        const std::size_t end = std::min(words.find("\r\n ", begin), words.size());
        EXPECT_LE(end - begin, 75U);
        begin = end + 3;
    }
    EXPECT_EQ(words.find("\r\n "), words.find("\r\n"));
}

TEST(MailMessage, has_the_headers_that_every_mail_has) {
    const Mail mail{
        .id = notifications::MailId::of("ntf_1"),
        .to = Email::of("ada@example.com"),
        .subject = notifications::MailSubject::of("Hello"),
    };
    const Sender nameless{Email::of("shop@backline.example"), {}};
    const std::vector<std::string> expected{
        "From: <shop@backline.example>",
        "To: <ada@example.com>",
        "Subject: Hello",
        "Date: Thu, 01 Jan 1970 00:00:00 +0000",
        "Message-ID: <ntf_1@backline.example>",
        "Auto-Submitted: auto-generated",
    };
    EXPECT_EQ(header_lines(mail, nameless, Instant{}), expected);
    const Sender named{nameless.address, Text<0, 100>::of("Grüße & Co")};
    EXPECT_EQ(
        header_lines(mail, named, Instant{})->front(),
        "From: =?utf-8?B?R3LDvMOfZSAmIENv?= <shop@backline.example>"
    );
}

} // namespace
} // namespace backline::smtp
