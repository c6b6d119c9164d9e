#include "platform/http/request_headers.hpp"

#include "platform/http/message.hpp"
#include "platform/http/refusals.hpp"

namespace backline::http {

namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return text;
    return text.substr(1, text.size() - 2);
}

bool key_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':';
}

bool token_character(char c) {
    return key_character(c) || c == '~' || c == '+' || c == '/' || c == '=';
}

/// Whether a media range such as `application/*` covers `type`.
bool covers(std::string_view range, std::string_view type) {
    if (range == "*/*" || same_name(range, type)) return true;
    return range.ends_with("/*") && type.size() >= range.size() &&
           same_name(range.substr(0, range.size() - 1), type.substr(0, range.size() - 1));
}

/// `q=0` means: anything but this.
bool excluded(std::string_view parameters) {
    const std::size_t at = parameters.find("q=");
    if (at == std::string_view::npos) return false;
    const std::string_view weight = trimmed(parameters.substr(at + 2));
    return weight.starts_with('0') && weight.find_first_not_of("0.") == std::string_view::npos;
}

bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_zero(std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
}

std::string hex(std::uint64_t number) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(16, '0');
    for (std::size_t i = text.size(); i-- > 0; number >>= 4U) text[i] = digits[number & 15U];
    return text;
}

/// `00-<32 hex>-<16 hex>-<2 hex>`, not all zero; later versions may be longer.
bool is_traceparent(std::string_view text) {
    constexpr std::size_t size = 55;
    if (text.size() < size ||
        (text.size() > size && (text.starts_with("00") || text[size] != '-'))) {
        return false;
    }
    const bool dashed = text[2] == '-' && text[35] == '-' && text[52] == '-';
    const std::string_view trace = text.substr(3, 32);
    const std::string_view span = text.substr(36, 16);
    return dashed && is_hex(text.substr(0, 2)) && !text.starts_with("ff") && is_hex(trace) &&
           !is_zero(trace) && is_hex(span) && !is_zero(span) && is_hex(text.substr(53, 2));
}

} // namespace

Result<IfMatch> parse_if_match(std::string_view value) {
    const std::string_view tag = trimmed(value);
    if (tag.empty() || tag == "*") return IfMatch{.any = tag == "*"};
    const std::string_view digits = unquoted(tag);
    std::int64_t version = 0;
    const auto [end, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), version);
    if (failed != std::errc{} || end != digits.data() + digits.size() || version < 0 ||
        digits.size() == tag.size()) {
        return refuse(http_error("if_match_invalid"), "If-Match is not an ETag of this shop.");
    }
    return IfMatch{version};
}

Result<std::optional<std::string>> parse_idempotency_key(std::string_view value) {
    const std::string_view key = unquoted(trimmed(value));
    if (value.empty()) return std::optional<std::string>();
    if (key.size() < 8 || key.size() > 128 || !std::ranges::all_of(key, key_character)) {
        return refuse(
            http_error("idempotency_key_invalid"), "Use a fresh UUID for each operation."
        );
    }
    return std::optional(std::string(key));
}

Result<std::optional<std::string>> parse_bearer(std::string_view value) {
    if (value.empty()) return std::optional<std::string>();
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view token = trimmed(value.substr(std::min(value.size(), scheme.size())));
    if (value.size() <= scheme.size() || !same_name(value.substr(0, scheme.size()), scheme) ||
        token.empty() || !std::ranges::all_of(token, token_character)) {
        return refuse(http_error("token_malformed"), "Send `Authorization: Bearer <token>`.");
    }
    return std::optional(std::string(token));
}

bool accepts(std::string_view accept, std::string_view content_type) {
    if (trimmed(accept).empty()) return true;
    const std::string_view type = content_type.substr(0, content_type.find(';'));
    while (!accept.empty()) {
        const std::string_view item = accept.substr(0, accept.find(','));
        accept.remove_prefix(std::min(item.size() + 1, accept.size()));
        const std::size_t semicolon = std::min(item.find(';'), item.size());
        if (covers(trimmed(item.substr(0, semicolon)), type) && !excluded(item.substr(semicolon))) {
            return true;
        }
    }
    return false;
}

std::string continue_trace(std::string_view incoming, Runtime& runtime) {
    const std::uint64_t span = runtime.random() | 1U;
    if (is_traceparent(incoming)) {
        return "00-" + std::string(incoming.substr(3, 32)) + "-" + hex(span) + "-" +
               std::string(incoming.substr(53, 2));
    }
    const std::uint64_t high = runtime.random() | 1U;
    const std::uint64_t low = runtime.random();
    return "00-" + hex(high) + hex(low) + "-" + hex(span) + "-01";
}

} // namespace backline::http
