#include "platform/schema/pointer.hpp"

#include <algorithm>

namespace backline::schema {
namespace {

constexpr std::size_t step_bytes_max = 100;

/// What a URI fragment may hold as it is (RFC 3986, section 3.5), but for `~`, which JSON pointers use.
bool is_plain(char each) {
    constexpr std::string_view marks = "-._!$&'()*+,;=:@?";
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           (each >= '0' && each <= '9') || marks.find(each) != std::string_view::npos;
}

void append_encoded(std::string& pointer, char each) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(each);
    pointer += '%';
    pointer += digits[byte >> 4];
    pointer += digits[byte & 15];
}

/// Where the line of `pointer` begins, or the end.
std::size_t find_line(std::string_view unknown, std::string_view pointer) {
    std::size_t begin = 0;
    while (begin < unknown.size()) {
        const std::string_view line = unknown.substr(begin);
        if (line.starts_with(pointer) && line.substr(pointer.size()).starts_with('\t')) break;
        begin += line.find('\n') + 1;
    }
    return begin;
}

} // namespace

void append_step(std::string& pointer, std::string_view key) {
    pointer += '/';
    for (const char each : key.substr(0, step_bytes_max)) {
        if (each == '~') {
            pointer += "~0";
        } else if (each == '/') {
            pointer += "~1";
        } else if (is_plain(each)) {
            pointer += each;
        } else {
            append_encoded(pointer, each);
        }
    }
}

void append_step(std::string& pointer, std::size_t index) {
    pointer += '/';
    pointer += std::to_string(index);
}

void add_unknown(std::string& unknown, std::string_view pointer, std::string_view member) {
    const std::size_t line = find_line(unknown, pointer);
    if (line == unknown.size()) {
        unknown.append(pointer).append("\t").append(member).append("\n");
    } else {
        unknown.insert(unknown.find('\n', line), std::string(",").append(member));
    }
}

std::string_view find_unknown(std::string_view unknown, std::string_view pointer) {
    const std::size_t line = find_line(unknown, pointer);
    if (line == unknown.size()) return {};
    const std::size_t members = line + pointer.size() + 1;
    return unknown.substr(members, unknown.find('\n', members) - members);
}

} // namespace backline::schema
