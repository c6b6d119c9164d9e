#pragma once

#include "platform/base/text.hpp"
#include "platform/base/type.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What an access token of ours looks like, to the letter (RFC 9068 profile of RFC 7519). Internal to this folder.
/// Reading is an allow-list: whatever is not exactly what `TokenSigner` writes is nothing.
namespace backline::security {

/// Longer texts are refused before anything looks at them.
inline constexpr std::size_t token_bytes_max = 4096;

/// `alg` and `typ` of every access token. No other algorithm is known, and no other kind of token can pass for one.
inline constexpr std::string_view token_algorithm = "EdDSA";
inline constexpr std::string_view token_type = "at+jwt";

/// A token's header. Read strictly, so that `jwk`, `jku`, `x5u`, `x5c`, `crit`, `b64` and duplicates are refused.
struct TokenHeader {
    std::string alg;
    std::string typ;
    std::string kid;
};
BOOST_DESCRIBE_STRUCT(TokenHeader, (), (alg, typ, kid))

/// Whole seconds since 1970, up to the year 9999.
using EpochSecond = Bounded<std::int64_t, 0, 253'402'300'799>;

/// What an access token says. All of it, always.
struct TokenClaims {
    Text<1, 200> iss;
    Text<1, 200> aud;
    Text<1, 200> sub;
    Text<1, 200> sid;
    EpochSecond iat;
    EpochSecond nbf;
    EpochSecond exp;
    std::vector<Text<1, 3000>> permissions;
};
BOOST_DESCRIBE_STRUCT(TokenClaims, (), (iss, aud, sub, sid, iat, nbf, exp, permissions))

/// A compact JWS taken apart: three canonical base64url parts, with a header and claims as above and an Ed25519
/// signature's length. Nothing otherwise. Says nothing of whether the signature holds.
struct TokenParts {
    TokenHeader header;
    TokenClaims claims;
};

[[nodiscard]] std::optional<TokenParts> read_token(std::string_view token);

} // namespace backline::security
