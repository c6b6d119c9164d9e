#include "platform/security/token_format.hpp"

#include "platform/schema/json.hpp"
#include "platform/security/base64url.hpp"

namespace backline::security {

namespace {

constexpr std::size_t signature_bytes = 64;

template <class T> std::optional<T> read_part(std::string_view part) {
    const std::optional<std::string> json = from_base64url(part);
    if (!json) return std::nullopt;
    Result<T> read = schema::read<T>(*json, schema::Reading::strict);
    if (!read) return std::nullopt;
    return *std::move(read);
}

bool is_signature(std::string_view part) {
    const std::optional<std::string> bytes = from_base64url(part);
    return bytes && bytes->size() == signature_bytes;
}

} // namespace

std::optional<TokenParts> read_token(std::string_view token) {
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    if (token.size() > token_bytes_max || first == last) return std::nullopt;
    if (!is_signature(token.substr(last + 1))) return std::nullopt;
    auto header = read_part<TokenHeader>(token.substr(0, first));
    if (!header || header->alg != token_algorithm || header->typ != token_type) return std::nullopt;
    auto claims = read_part<TokenClaims>(token.substr(first + 1, last - first - 1));
    if (!claims) return std::nullopt;
    return TokenParts{*std::move(header), *std::move(claims)};
}

} // namespace backline::security
