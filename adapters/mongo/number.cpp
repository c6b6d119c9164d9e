#include "adapters/mongo/number.hpp"

#include <array>
#include <charconv>

namespace backline::mongo {

namespace {

/// The shortest text that gives this value.
template <class Value> std::string text_of(Value value) {
    std::array<char, 32> digits{};
    const auto done = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return {digits.data(), done.ptr};
}

template <class Value> bool gives_back(const std::string& text, Value& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && text_of(value) == text;
}

} // namespace

Number number_of(std::string text) {
    std::int64_t whole = 0;
    if (gives_back(text, whole)) return whole;
    double fraction = 0;
    if (gives_back(text, fraction)) return fraction;
    return text;
}

bool append_number(bson_t* document, const char* key, int key_size, const Number& number) {
    if (const auto* whole = std::get_if<std::int64_t>(&number)) {
        return bson_append_int64(document, key, key_size, *whole);
    }
    if (const auto* fraction = std::get_if<double>(&number)) {
        return bson_append_double(document, key, key_size, *fraction);
    }
    const auto& text = std::get<std::string>(number);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = static_cast<std::uint32_t>(text.size());
    return bson_append_binary(document, key, key_size, BSON_SUBTYPE_USER, bytes, size);
}

bool write_number(const Element& element, std::string& out) {
    const bson_iter_t* at = element.get();
    if (BSON_ITER_HOLDS_INT64(at) || BSON_ITER_HOLDS_INT32(at)) {
        out += text_of(element.number());
        return true;
    }
    if (BSON_ITER_HOLDS_DOUBLE(at)) {
        out += text_of(bson_iter_double(at));
        return true;
    }
    if (!BSON_ITER_HOLDS_BINARY(at)) return false;
    bson_subtype_t subtype = BSON_SUBTYPE_BINARY;
    const std::uint8_t* bytes = nullptr;
    std::uint32_t size = 0;
    bson_iter_binary(at, &subtype, &size, &bytes);
    out.append(reinterpret_cast<const char*>(bytes), size);
    return true;
}

} // namespace backline::mongo
