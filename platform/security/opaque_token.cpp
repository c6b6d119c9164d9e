#include "platform/security/opaque_token.hpp"

#include "platform/security/base64url.hpp"
#include "platform/security/digest.hpp"
#include "platform/security/random.hpp"

#include <sodium.h>

namespace backline::security {

namespace {

constexpr std::size_t token_bytes = 32;

} // namespace

OpaqueToken make_opaque_token(Runtime& runtime) {
    std::string text = to_base64url(random_bytes<token_bytes>(runtime));
    std::string hash = digest(text);
    return OpaqueToken{Secret<std::string>(std::move(text)), std::move(hash)};
}

std::optional<std::string> opaque_token_hash(std::string_view text) {
    const std::optional<std::string> bytes = from_base64url(text);
    if (!bytes || bytes->size() != token_bytes) return std::nullopt;
    return digest(text);
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

} // namespace backline::security
