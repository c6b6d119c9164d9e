#include "platform/base/utf8.hpp"

#include <algorithm>

namespace backline {
namespace {

unsigned char byte_at(std::string_view text, std::size_t index) {
    return static_cast<unsigned char>(text[index]);
}

bool continues(std::string_view text, std::size_t index) {
    return (byte_at(text, index) & 0xC0U) == 0x80U;
}

} // namespace

// The second byte carries the whole difference between well-formed and overlong, surrogate or too large
// (Unicode 15, table 3-7).
std::size_t utf8_sequence(std::string_view text) {
    if (text.empty()) return 0;
    const unsigned char lead = byte_at(text, 0);
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (text.size() < length) return 0;
    for (std::size_t index = 1; index < length; ++index) {
        if (!continues(text, index)) return 0;
    }
    const unsigned char second = byte_at(text, 1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
    return length;
}

std::optional<std::size_t> code_points(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        const std::size_t length = utf8_sequence(text);
        if (length == 0) return std::nullopt;
        text.remove_prefix(length);
        ++count;
    }
    return count;
}

bool has_control_characters(std::string_view text) {
    return std::ranges::any_of(text, [](char each) {
        const auto byte = static_cast<unsigned char>(each);
        return (byte < 0x20 && each != '\n' && each != '\t') || byte == 0x7F;
    });
}

} // namespace backline
