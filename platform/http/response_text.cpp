#include "platform/http/response_text.hpp"

#include <fmt/format.h>

namespace backline::http {

namespace {

constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::string_view months[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};

std::string status_line(int status) {
    return fmt::format("HTTP/1.1 {} {}\r\nDate: ", status, reason_of(status));
}

void append_clean(std::string_view text, std::string& out) {
    for (const char c : text) {
        out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
    }
}

void append_field(std::string_view name, std::string_view value, std::string& out) {
    append_clean(name, out);
    out.append(": ");
    append_clean(value, out);
    out.append("\r\n");
}

} // namespace

std::string http_date(Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - day));
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        days[std::chrono::weekday(day).c_encoding()],
        static_cast<unsigned>(date.day()),
        months[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()),
        time.hours().count(),
        time.minutes().count(),
        time.seconds().count()
    );
}

std::size_t date_offset(const Response& response) {
    return status_line(response.status).size();
}

void append_head(const Response& response, std::string_view date, std::string& out) {
    out.append(status_line(response.status)).append(date).append("\r\n");
    if (!response.content_type.empty()) append_field("Content-Type", response.content_type, out);
    const bool bodiless = response.status == 204 || response.status == 304;
    if (!bodiless) append_field("Content-Length", std::to_string(response.body.size()), out);
    for (const Headers::Field& field : response.headers) append_field(field.name, field.value, out);
}

} // namespace backline::http
