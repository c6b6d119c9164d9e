#include "platform/http/message.hpp"

#include "platform/base/utf8.hpp"

#include <stdexcept>

namespace backline::http {

namespace {

constexpr std::pair<Method, std::string_view> method_names[] = {
    {Method::get, "GET"},
    {Method::head, "HEAD"},
    {Method::post, "POST"},
    {Method::put, "PUT"},
    {Method::patch, "PATCH"},
    {Method::del, "DELETE"},
    {Method::options, "OPTIONS"},
};

constexpr std::pair<int, std::string_view> reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
    return -1;
}

bool unreserved(char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

bool clean_text(std::string_view text) {
    const auto control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; };
    return code_points(text).has_value() && std::ranges::none_of(text, control);
}

/// In a query, unlike in a path, a plus is a space (what HTML forms send).
std::optional<std::string> form_decoded(std::string_view text) {
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    return percent_decoded(spaced);
}

std::optional<QueryPairs> parse_query(std::string_view text) {
    QueryPairs pairs;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = form_decoded(pair.substr(0, equals));
        auto value = form_decoded(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value) return std::nullopt;
        pairs.emplace_back(std::move(*name), std::move(*value));
    }
    return pairs;
}

} // namespace

std::string_view name_of(Method method) {
    for (const auto& [known, name] : method_names) {
        if (known == method) return name;
    }
    return "OTHER";
}

Method method_named(std::string_view name) {
    for (const auto& [method, known] : method_names) {
        if (known == name) return method;
    }
    return Method::other;
}

std::string_view reason_of(int status) {
    for (const auto& [known, reason] : reasons) {
        if (known == status) return reason;
    }
    return "Unknown";
}

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view Headers::find(std::string_view name) const {
    for (const Field& field : fields_) {
        if (same_name(field.name, name)) return field.value;
    }
    return {};
}

bool Headers::has(std::string_view name) const {
    return std::ranges::any_of(fields_, [&](const Field& field) {
        return same_name(field.name, name);
    });
}

void Headers::set(std::string_view name, std::string value) {
    std::erase_if(fields_, [&](const Field& field) { return same_name(field.name, name); });
    append(std::string(name), std::move(value));
}

void Headers::append(std::string name, std::string value) {
    fields_.push_back(Field{std::move(name), std::move(value)});
}

Freshness Freshness::now(std::span<const std::uint64_t* const> counters) {
    Freshness fresh{counters, 0};
    for (const std::uint64_t* counter : counters) fresh.sum += *counter;
    return fresh;
}

bool Request::set_target(std::string_view target) {
    const std::size_t mark = std::min(target.find('?'), target.size());
    const std::string_view raw_path = target.substr(0, mark);
    if (!raw_path.starts_with('/') || target.contains('#') || !percent_decoded(raw_path)) {
        return false;
    }
    auto pairs = parse_query(target.substr(std::min(mark + 1, target.size())));
    if (!pairs) return false;
    path = raw_path;
    query = std::move(*pairs);
    return true;
}

Request Request::to(Method method, std::string_view target, std::string body) {
    Request request;
    request.method = method;
    if (!request.set_target(target)) {
        throw std::invalid_argument("no request target: " + std::string(target));
    }
    request.body = std::move(body);
    if (!request.body.empty()) request.headers.set("content-type", "application/json");
    return request;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i]);
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_digit(text[i + 1]);
        const int low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        decoded.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    if (!clean_text(decoded)) return std::nullopt;
    return decoded;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (unreserved(c)) {
            encoded.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded.push_back('%');
        encoded.push_back(digits[byte >> 4U]);
        encoded.push_back(digits[byte & 15U]);
    }
    return encoded;
}

} // namespace backline::http
