#pragma once

#include <boost/describe/class.hpp>

#include <string>
#include <string_view>
#include <vector>

/// What crosses HTTP about keys.
namespace backline::users {

/// A public key (RFC 7517, RFC 8037). It has no field for a private part, so none can get out.
struct Jwk {
    static constexpr std::string_view schema_name = "Jwk";

    std::string kty;
    std::string crv;
    std::string x;
    std::string kid; ///< Which tokens it checks.
    std::string alg;
    std::string use;
};
BOOST_DESCRIBE_STRUCT(Jwk, (), (kty, crv, x, kid, alg, use))

/// `GET /.well-known/jwks.json`
struct JwkSet {
    std::vector<Jwk> keys;
};
BOOST_DESCRIBE_STRUCT(JwkSet, (), (keys))

} // namespace backline::users
