#include "platform/store/cursor.hpp"

#include <charconv>

namespace backline::store {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// Parts are `n`, `i<number>` or `t<hex>`, joined by dots: safe in a URL, and cheap to check.
std::string hex(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += hex_digits[byte >> 4];
        text += hex_digits[byte & 15];
    }
    return text;
}

std::optional<std::string> unhex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = hex_digits.find(text[i]);
        const auto low = hex_digits.find(text[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

std::string part_of(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return "i" + std::to_string(*number);
    }
    if (const auto* text = std::get_if<std::string>(&value)) return "t" + hex(*text);
    return "n";
}

std::optional<Value> value_of(std::string_view part) {
    if (part == "n") return Value{};
    if (part.empty()) return std::nullopt;
    const std::string_view rest = part.substr(1);
    if (part[0] == 'i') {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (error != std::errc{} || end != rest.data() + rest.size()) return std::nullopt;
        return Value{number};
    }
    if (part[0] != 't') return std::nullopt;
    auto text = unhex(rest);
    if (!text) return std::nullopt;
    return Value{std::move(*text)};
}

} // namespace

std::string encode_cursor(const Key& key, const std::string& id) {
    std::string text;
    for (const Value& value : key) text += part_of(value) + ".";
    return text + "t" + hex(id);
}

std::optional<std::pair<Key, std::string>> decode_cursor(std::string_view text) {
    Key key;
    while (true) {
        const std::size_t dot = text.find('.');
        auto value = value_of(text.substr(0, dot));
        if (!value) return std::nullopt;
        key.push_back(std::move(*value));
        if (dot == std::string_view::npos) break;
        text.remove_prefix(dot + 1);
    }
    auto* id = std::get_if<std::string>(&key.back());
    if (!id) return std::nullopt;
    std::string last = std::move(*id);
    key.pop_back();
    return std::pair{std::move(key), std::move(last)};
}

} // namespace backline::store
