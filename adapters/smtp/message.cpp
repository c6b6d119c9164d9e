#include "adapters/smtp/message.hpp"

#include "platform/base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace backline::smtp {

namespace {

/// 45 bytes make 60 characters of base64, with `=?utf-8?B?` and `?=` fewer than 75.
constexpr std::size_t word_bytes_max = 45;

bool is_control(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7F;
}

bool is_plain(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte >= 0x20 && byte < 0x7F;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t taken = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t each = 0; each < 3; ++each) {
            group =
                (group << 8U) | (each < taken ? static_cast<unsigned char>(bytes[at + each]) : 0U);
        }
        for (std::size_t each = 0; each < 4; ++each) {
            text += each <= taken ? letters[(group >> (18U - 6U * each)) & 63U] : '=';
        }
    }
    return text;
}

/// The most code points at the start of `text` that fit one encoded word.
std::string_view next_word(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size()) {
        const std::size_t point = std::max<std::size_t>(1, utf8_sequence(text.substr(size)));
        if (size + point > word_bytes_max) break;
        size += point;
    }
    return text.substr(0, size);
}

/// A display name: quoted where it is plain, so that commas and dots mean nothing.
std::string phrase(const std::string& name) {
    if (!std::ranges::all_of(name, is_plain)) return encoded_words(name);
    std::string quoted = "\"";
    for (const char each : name) {
        if (each == '"' || each == '\\') quoted += '\\';
        quoted += each;
    }
    return quoted + "\"";
}

/// Different ids make different names, whatever characters are in them.
std::string message_id(const Mail& mail, const Email& sender) {
    std::string local;
    for (const char each : mail.id.text()) {
        const bool simple = (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') ||
                            (each >= 'A' && each <= 'Z') || each == '_' || each == '-';
        local += simple ? std::string(1, each)
                        : fmt::format("={:02x}", static_cast<unsigned char>(each));
    }
    const std::string& address = sender.text();
    return "<" + local + address.substr(address.rfind('@')) + ">";
}

} // namespace

std::string encoded_words(std::string_view text) {
    if (std::ranges::all_of(text, is_plain)) return std::string(text);
    std::string words;
    while (!text.empty()) {
        const std::string_view word = next_word(text);
        if (!words.empty()) words += "\r\n ";
        words += "=?utf-8?B?" + base64(word) + "?=";
        text.remove_prefix(word.size());
    }
    return words;
}

std::string mail_date(Instant instant) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - day));
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
        days[std::chrono::weekday(day).c_encoding()],
        static_cast<unsigned>(date.day()),
        months[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()),
        time.hours().count(),
        time.minutes().count(),
        time.seconds().count()
    );
}

Result<std::vector<std::string>> header_lines(const Mail& mail, const Sender& from, Instant now) {
    for (const std::string* const each :
         {&mail.id.text(), &mail.to.text(), &mail.subject.text(), &from.name.text()}) {
        if (std::ranges::any_of(*each, is_control)) {
            return refuse(
                notifications::mail_error("mail_content_refused"),
                "A header may not hold control characters."
            );
        }
    }
    const std::string address = "<" + from.address.text() + ">";
    return std::vector<std::string>{
        "From: " + (from.name.empty() ? address : phrase(from.name.text()) + " " + address),
        "To: <" + mail.to.text() + ">",
        "Subject: " + encoded_words(mail.subject.text()),
        "Date: " + mail_date(now),
        "Message-ID: " + message_id(mail, from.address),
        "Auto-Submitted: auto-generated",
    };
}

} // namespace backline::smtp
