#include "platform/base/rfc3339.hpp"

#include "platform/base/invariant.hpp"

#include <array>

namespace backline {
namespace {

using namespace std::chrono;

/// Takes text apart from the left; the first thing that does not fit makes `ok` false for good.
struct Scanner {
    std::string_view rest;
    bool ok = true;

    int digits(std::size_t count) {
        int value = 0;
        for (std::size_t index = 0; index < count; ++index) {
            const char each = index < rest.size() ? rest[index] : 'x';
            ok = ok && each >= '0' && each <= '9';
            value = value * 10 + (each - '0');
        }
        rest.remove_prefix(std::min(count, rest.size()));
        return ok ? value : 0;
    }

    bool take(char expected) {
        if (rest.empty() || rest.front() != expected) return false;
        rest.remove_prefix(1);
        return true;
    }

    void must(char expected) { ok = take(expected) && ok; }

    int at_most(int value, int max) {
        ok = ok && value <= max;
        return value;
    }
};

sys_days read_date(Scanner& scan) {
    const int year_number = scan.digits(4);
    scan.must('-');
    const int month_number = scan.digits(2);
    scan.must('-');
    const int day_number = scan.digits(2);
    const year_month_day date{
        year{year_number},
        month{static_cast<unsigned>(month_number)},
        day{static_cast<unsigned>(day_number)}
    };
    scan.ok = scan.ok && date.ok();
    return scan.ok ? sys_days{date} : sys_days{};
}

milliseconds read_decimals(Scanner& scan) {
    if (!scan.take('.')) return milliseconds{0};
    int value = 0;
    int count = 0;
    while (count < 9 && !scan.rest.empty() && scan.rest.front() >= '0' && scan.rest.front() <= '9'
    ) {
        const int digit = scan.digits(1);
        if (count < 3) value = value * 10 + digit;
        ++count;
    }
    scan.ok = scan.ok && count > 0;
    for (int missing = count; missing < 3; ++missing) value *= 10;
    return milliseconds{value};
}

minutes read_offset(Scanner& scan) {
    if (scan.take('Z')) return minutes{0};
    const bool west = scan.take('-');
    if (!west) scan.must('+');
    const int hour_count = scan.at_most(scan.digits(2), 23);
    scan.must(':');
    const minutes east = hours{hour_count} + minutes{scan.at_most(scan.digits(2), 59)};
    return west ? -east : east;
}

void append_number(int value, int width, std::string& out) {
    std::array<char, 4> digits{};
    for (int index = width - 1; index >= 0; --index) {
        digits[static_cast<std::size_t>(index)] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    out.append(digits.data(), static_cast<std::size_t>(width));
}

/// An offset can carry a time over the edge of the four-digit years.
bool is_writable(Instant instant) {
    constexpr Instant first = sys_days{year{0} / January / 1};
    constexpr Instant end = sys_days{year{10000} / January / 1};
    return instant >= first && instant < end;
}

} // namespace

void append_rfc3339(Instant instant, std::string& out) {
    INVARIANT(is_writable(instant), "an instant that is written lies in the years 0 to 9999");
    const sys_days day_start = floor<days>(instant);
    const year_month_day date{day_start};
    const hh_mm_ss time{instant - day_start};
    append_number(static_cast<int>(date.year()), 4, out);
    out += '-';
    append_number(static_cast<int>(static_cast<unsigned>(date.month())), 2, out);
    out += '-';
    append_number(static_cast<int>(static_cast<unsigned>(date.day())), 2, out);
    out += 'T';
    append_number(static_cast<int>(time.hours().count()), 2, out);
    out += ':';
    append_number(static_cast<int>(time.minutes().count()), 2, out);
    out += ':';
    append_number(static_cast<int>(time.seconds().count()), 2, out);
    out += '.';
    append_number(static_cast<int>(time.subseconds().count()), 3, out);
    out += 'Z';
}

std::string to_rfc3339(Instant instant) {
    std::string out;
    out.reserve(24);
    append_rfc3339(instant, out);
    return out;
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
    Scanner scan{text};
    Instant instant = read_date(scan);
    scan.must('T');
    instant += hours{scan.at_most(scan.digits(2), 23)};
    scan.must(':');
    instant += minutes{scan.at_most(scan.digits(2), 59)};
    scan.must(':');
    instant += seconds{scan.at_most(scan.digits(2), 59)};
    instant += read_decimals(scan);
    instant -= read_offset(scan);
    if (!scan.ok || !scan.rest.empty() || !is_writable(instant)) return std::nullopt;
    return instant;
}

} // namespace backline
