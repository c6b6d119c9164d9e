#include "adapters/redis/settings.hpp"

#include <charconv>

namespace backline::redis {

namespace {

constexpr std::string_view plain_scheme = "redis://";
constexpr std::string_view secure_scheme = "rediss://";

template <class Number> bool read_number(std::string_view text, Number& number, int base = 10) {
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, number, base);
    return failed == std::errc{} && stop == end;
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
            continue;
        }
        std::uint8_t byte = 0;
        if (i + 2 >= text.size() || !read_number(text.substr(i + 1, 2), byte, 16)) {
            return std::nullopt;
        }
        plain += static_cast<char>(byte);
        i += 2;
    }
    return plain;
}

/// `user:password`, `:password` or, as Redis' own tools take it, a user alone.
bool read_login(std::string_view text, Settings& settings) {
    const std::size_t colon = text.find(':');
    const auto user = unescaped(text.substr(0, colon));
    const auto password = unescaped(colon == std::string_view::npos ? "" : text.substr(colon + 1));
    if (!user || !password) return false;
    settings.user = *user;
    settings.password = Secret(*password);
    return true;
}

/// `host`, `host:port` or `[::1]:port`.
bool read_place(std::string_view text, Settings& settings) {
    const bool bracketed = text.starts_with('[');
    const std::size_t end = bracketed ? text.find(']') : text.find(':');
    if (bracketed && end == std::string_view::npos) return false;
    const std::string_view host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
    std::string_view rest = text.substr(std::min(text.size(), host.size() + (bracketed ? 2 : 0)));
    if (host.empty()) return false;
    settings.host = host;
    if (rest.empty()) return true;
    return rest.starts_with(':') && read_number(rest.substr(1), settings.port);
}

} // namespace

std::optional<Settings> settings_of(std::string_view url) {
    Settings settings;
    settings.tls = url.starts_with(secure_scheme);
    if (!settings.tls && !url.starts_with(plain_scheme)) return std::nullopt;
    url.remove_prefix(settings.tls ? secure_scheme.size() : plain_scheme.size());
    const std::size_t at = url.rfind('@');
    if (at != std::string_view::npos) {
        if (!read_login(url.substr(0, at), settings)) return std::nullopt;
        url.remove_prefix(at + 1);
    }
    const std::size_t slash = url.find('/');
    if (!read_place(url.substr(0, slash), settings)) return std::nullopt;
    if (slash == std::string_view::npos || slash + 1 == url.size()) return settings;
    if (!read_number(url.substr(slash + 1), settings.database)) return std::nullopt;
    return settings;
}

} // namespace backline::redis
