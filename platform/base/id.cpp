#include "platform/base/id.hpp"

namespace backline {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t digit_count = 26;

__extension__ using Wide = unsigned __int128;

Wide to_number(const IdBytes& bytes) {
    Wide number = 0;
    for (const std::uint8_t byte : bytes) number = (number << 8) | byte;
    return number;
}

IdBytes to_bytes(Wide number) {
    IdBytes bytes{};
    for (std::size_t index = bytes.size(); index-- > 0; number >>= 8) {
        bytes[index] = static_cast<std::uint8_t>(number & 0xFF);
    }
    return bytes;
}

consteval std::array<std::int8_t, 256> make_values() {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t index = 0; index < alphabet.size(); ++index) {
        values[static_cast<unsigned char>(alphabet[index])] = static_cast<std::int8_t>(index);
    }
    return values;
}

constexpr std::array<std::int8_t, 256> values = make_values();

} // namespace

IdBytes uuid_v7(Instant at, std::uint64_t random1, std::uint64_t random2) {
    const auto millis =
        static_cast<std::uint64_t>(at.time_since_epoch().count()) & 0xFFFF'FFFF'FFFFULL;
    const std::uint64_t high = (millis << 16) | 0x7000ULL | (random1 & 0x0FFFULL);
    const std::uint64_t low = 0x8000'0000'0000'0000ULL | (random2 & 0x3FFF'FFFF'FFFF'FFFFULL);
    return to_bytes((Wide{high} << 64) | low);
}

std::string id_text(std::string_view prefix, const IdBytes& bytes) {
    std::string text(prefix.size() + 1 + digit_count, '_');
    prefix.copy(text.data(), prefix.size());
    Wide number = to_number(bytes);
    for (std::size_t index = text.size(); index-- > prefix.size() + 1; number >>= 5) {
        text[index] = alphabet[static_cast<std::size_t>(number & 31)];
    }
    return text;
}

std::optional<IdBytes> parse_id(std::string_view prefix, std::string_view text) {
    if (text.size() != prefix.size() + 1 + digit_count) return std::nullopt;
    if (!text.starts_with(prefix) || text[prefix.size()] != '_') return std::nullopt;
    const std::string_view digits = text.substr(prefix.size() + 1);
    if (digits.front() > '7') return std::nullopt; // 26 digits hold 130 bits; two must be zero.
    Wide number = 0;
    for (const char each : digits) {
        const std::int8_t value = values[static_cast<unsigned char>(each)];
        if (value < 0) return std::nullopt;
        number = (number << 5) | static_cast<unsigned>(value);
    }
    return to_bytes(number);
}

} // namespace backline
