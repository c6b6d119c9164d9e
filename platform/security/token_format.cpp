#include "platform/security/token_format.hpp"

#include "platform/base/invariant.hpp"
#include "platform/security/base64url.hpp"

#include <jansson.h>

#include <array>
#include <memory>

namespace backline::security {

namespace {

constexpr std::size_t signature_bytes = 64;
constexpr json_int_t last_second = 253'402'300'799; // 9999-12-31T23:59:59Z

struct FreeJson {
    void operator()(json_t* json) const { json_decref(json); }
};

using Json = std::unique_ptr<json_t, FreeJson>;

/// An object with exactly `size` members, none of them twice.
Json read_object(const std::string& text, std::size_t size) {
    Json json(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, nullptr));
    if (!json_is_object(json.get()) || json_object_size(json.get()) != size) return nullptr;
    return json;
}

std::optional<std::string> text_of(const json_t* value) {
    if (!json_is_string(value) || json_string_length(value) == 0) return std::nullopt;
    return std::string(json_string_value(value), json_string_length(value));
}

std::optional<std::string> text_at(const Json& json, const char* member) {
    return text_of(json_object_get(json.get(), member));
}

std::optional<Instant> instant_at(const Json& json, const char* member) {
    const json_t* const value = json_object_get(json.get(), member);
    if (!json_is_integer(value)) return std::nullopt;
    const json_int_t seconds = json_integer_value(value);
    if (seconds < 0 || seconds > last_second) return std::nullopt;
    return Instant(std::chrono::seconds(seconds));
}

std::optional<std::vector<std::string>> texts_at(const Json& json, const char* member) {
    const json_t* const array = json_object_get(json.get(), member);
    if (!json_is_array(array)) return std::nullopt;
    std::vector<std::string> texts;
    for (std::size_t at = 0; at < json_array_size(array); ++at) {
        std::optional<std::string> text = text_of(json_array_get(array, at));
        if (!text) return std::nullopt;
        texts.push_back(std::move(*text));
    }
    return texts;
}

json_int_t seconds_of(Instant instant) {
    return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

} // namespace

std::string write_claims(const Claims& claims) {
    const Json permissions(json_array());
    for (const std::string& permission : claims.permissions) {
        json_array_append_new(permissions.get(), json_string(permission.c_str()));
    }
    const Json json(json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:O}",
        "iss",
        claims.issuer.c_str(),
        "aud",
        claims.audience.c_str(),
        "sub",
        claims.subject.c_str(),
        "sid",
        claims.session.c_str(),
        "iat",
        seconds_of(claims.issued_at),
        "nbf",
        seconds_of(claims.not_before),
        "exp",
        seconds_of(claims.expires_at),
        "permissions",
        permissions.get()
    ));
    INVARIANT(json != nullptr, "what a token says is UTF-8 text without NUL");
    const std::unique_ptr<char, decltype(&std::free)> text(
        json_dumps(json.get(), JSON_COMPACT), &std::free
    );
    return text.get();
}

std::optional<TokenParts> split_token(std::string_view token) {
    if (token.size() > token_bytes_max) return std::nullopt;
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    if (first == last || token.find('.', first + 1) != last) return std::nullopt;
    std::optional<std::string> header = from_base64url(token.substr(0, first));
    std::optional<std::string> claims = from_base64url(token.substr(first + 1, last - first - 1));
    const std::optional<std::string> signature = from_base64url(token.substr(last + 1));
    if (!header || !claims || !signature || signature->size() != signature_bytes)
        return std::nullopt;
    return TokenParts{std::move(*header), std::move(*claims)};
}

std::optional<std::string> read_header(const std::string& text) {
    const Json json = read_object(text, 3);
    if (!json || text_at(json, "alg") != "EdDSA" || text_at(json, "typ") != access_token_type)
        return std::nullopt;
    return text_at(json, "kid");
}

std::optional<Claims> read_claims(const std::string& text) {
    const Json json = read_object(text, 8);
    if (!json) return std::nullopt;
    auto issuer = text_at(json, "iss");
    auto audience = text_at(json, "aud");
    auto subject = text_at(json, "sub");
    auto session = text_at(json, "sid");
    const auto issued_at = instant_at(json, "iat");
    const auto not_before = instant_at(json, "nbf");
    const auto expires_at = instant_at(json, "exp");
    auto permissions = texts_at(json, "permissions");
    if (!issuer || !audience || !subject || !session || !issued_at || !not_before || !expires_at ||
        !permissions) {
        return std::nullopt;
    }
    return Claims{
        *issuer, *audience, *subject, *session, *issued_at, *not_before, *expires_at, *permissions
    };
}

} // namespace backline::security
