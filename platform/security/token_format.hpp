#pragma once

#include "platform/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What an access token of ours looks like, to the letter (RFC 9068 profile of RFC 7519). Internal to this folder.
/// Reading is an allow-list: whatever is not exactly what `TokenSigner` writes is nothing.
namespace backline::security {

/// What an access token says. Times are whole seconds.
struct Claims {
    std::string issuer;
    std::string audience;
    std::string subject;
    std::string session;
    Instant issued_at{};
    Instant not_before{};
    Instant expires_at{};
    std::vector<std::string> permissions{};
};

/// `typ` of every access token, so that no other kind of token can pass for one.
inline constexpr std::string_view access_token_type = "at+jwt";

/// Longer texts are refused before anything looks at them.
inline constexpr std::size_t token_bytes_max = 4096;

[[nodiscard]] std::string write_claims(const Claims& claims);

/// The decoded header and claims of a compact JWS of three canonical base64url parts with an Ed25519 signature's
/// length; nothing otherwise. Says nothing of whether the signature holds.
struct TokenParts {
    std::string header;
    std::string claims;
};

[[nodiscard]] std::optional<TokenParts> split_token(std::string_view token);

/// The `kid` of a header that holds `alg: EdDSA`, `typ: at+jwt`, `kid` and nothing else. So `none`, HMAC, `jwk`, `jku`,
/// `x5u`, `x5c`, `crit`, `b64` and duplicates all come to nothing.
[[nodiscard]] std::optional<std::string> read_header(const std::string& json);

/// Nothing if a claim is missing, doubled, unknown, empty or of another type.
[[nodiscard]] std::optional<Claims> read_claims(const std::string& json);

} // namespace backline::security
