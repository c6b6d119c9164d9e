// At stake: whoever gets a forged or foreign access token accepted is that person in every service.
// Method: tokens signed by an independent implementation (libsodium), correct but for one thing each; every one must be
// refused, and the one without a fault must be accepted.
#include "platform/security/forging.hpp"

#include <gtest/gtest.h>

namespace backline::security {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{1'700'000'000'000ms};
constexpr SigningKey::Seed seed{7, 1, 9};

struct ForgedTokens : testing::Test {
    SigningKey key = SigningKey::from_seed(seed);
    TokenRules rules{};
    TokenSigner signer{key, rules};
    TokenVerifier verifier{{key.public_key()}, rules};
    std::string good = signer.issue(Principal{"usr_1", "ses_1", {"a:b"}}, start).text;
    std::string header = R"({"alg":"EdDSA","typ":"at+jwt","kid":")" + key.id() + R"("})";
    std::string claims =
        R"({"iss":"backline.users","aud":"backline","sub":"usr_1","sid":"ses_1",)"
        R"("iat":1700000000,"nbf":1700000000,"exp":1700000600,"permissions":["a:b"]})";

    std::string_view refusal(std::string_view token) {
        const Result<Principal> answer = verifier.authenticate(token, start);
        return answer ? "accepted" : answer.error().refusal->code;
    }
};

TEST_F(ForgedTokens, without_a_fault_are_accepted) {
    EXPECT_EQ(refusal(forged(header, claims, seed)), "accepted");
}

/// One way to spoil the header or the claims of a token that is then signed properly: text that is replaced.
struct Spoiled {
    std::string_view from;
    std::string_view to;
};

constexpr Spoiled spoiled_headers[]{
    {R"("EdDSA")", R"("none")"},
    {R"("EdDSA")", R"("None")"},
    {R"("EdDSA")", R"("NONE")"},
    {R"("EdDSA")", R"("")"},
    {R"("EdDSA")", R"("HS256")"},
    {R"("EdDSA")", R"("HS512")"},
    {R"("EdDSA")", R"("ES256")"},
    {R"("EdDSA")", R"("ES256K")"},
    {R"("EdDSA")", R"("RS256")"},
    {R"("EdDSA")", R"("PS256")"},
    {R"("EdDSA")", R"("Ed25519")"},
    {R"("EdDSA")", R"("eddsa")"},
    {R"("EdDSA")", R"("EdDSA ")"},
    {R"("EdDSA")", R"("EdDSA\u0000")"},
    {R"("EdDSA")", "null"},
    {R"("EdDSA")", "0"},
    {R"("EdDSA")", "true"},
    {R"("EdDSA")", R"(["EdDSA"])"},
    {R"("EdDSA")", R"({"alg":"EdDSA"})"},
    {R"("alg":"EdDSA",)", ""},
    {R"("alg")", R"("Alg")"},
    {R"("alg":"EdDSA")", R"("alg":"EdDSA","alg":"EdDSA")"},
    {R"("alg":"EdDSA")", R"("alg":"none","alg":"EdDSA")"},
    {R"("alg":"EdDSA")", R"("alg":"EdDSA","alg":"none")"},
    {R"("alg":"EdDSA")", R"("alg":"EdDSA","enc":"A128GCM")"},
    {R"("at+jwt")", R"("JWT")"},
    {R"("at+jwt")", R"("jwt")"},
    {R"("at+jwt")", R"("AT+JWT")"},
    {R"("at+jwt")", R"("application/at+jwt")"},
    {R"("at+jwt")", R"("id+jwt")"},
    {R"("at+jwt")", R"("rt+jwt")"},
    {R"("at+jwt")", R"("")"},
    {R"("at+jwt")", "null"},
    {R"("at+jwt")", R"(["at+jwt"])"},
    {R"("typ":"at+jwt",)", ""},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","typ":"at+jwt")"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","cty":"JWT")"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","crit":["exp"],"exp":1)"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","crit":[])"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","crit":["b64"],"b64":false)"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","b64":true)"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","jwk":{"kty":"OKP","crv":"Ed25519","x":"AA"})"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","jku":"http://127.0.0.1:9/jwks.json")"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","x5u":"http://127.0.0.1:9/cert.pem")"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","x5c":["AAAA"])"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","x5t":"AAAA")"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","x5t#S256":"AAAA")"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","zip":"DEF")"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","p2c":1000000000)"},
    {R"("typ":"at+jwt")", R"("typ":"at+jwt","":"")"},
    {R"("kid":")", R"("kid":" )"},
    {R"("kid":")", R"("kid":"../../dev/null)"},
    {R"("kid":")", R"("kid":"' OR 1=1 --)"},
    {R"("kid":")", R"("kid":"","x":")"},
    {R"("kid":")", R"("key":")"},
    {R"("kid":")", R"("kid":null,"x":")"},
    {R"("kid":")", R"("kid":7,"x":")"},
    {R"(})", ""},
    {R"(})", "}}"},
    {R"(})", "} x"},
    {R"(})", "},"},
    {R"({)", "[{"},
    {R"({)", "\xEF\xBB\xBF{"},
    {R"({)", "// a comment\n{"},
    {R"("alg")", R"('alg')"},
    {R"("at+jwt")", "\"at+jwt\xFF\""},
    {R"("at+jwt")", "\"at+jw\xC1\xB4\""},
};

constexpr Spoiled spoiled_claims[]{
    {R"("backline.users")", R"("evil")"},
    {R"("backline.users")", R"("backline.user")"},
    {R"("backline.users")", R"("backline.users/")"},
    {R"("backline.users")", R"("Backline.users")"},
    {R"("backline.users")", R"("backline.users\u0000")"},
    {R"("backline.users")", R"("")"},
    {R"("backline.users")", "null"},
    {R"("backline.users")", "1"},
    {R"("backline.users")", R"(["backline.users"])"},
    {R"("iss":"backline.users",)", ""},
    {R"("iss":"backline.users")", R"("iss":"backline.users","iss":"backline.users")"},
    {R"("iss":"backline.users")", R"("iss":"evil","iss":"backline.users")"},
    {R"("aud":"backline")", R"("aud":"backline.users")"},
    {R"("aud":"backline")", R"("aud":"other")"},
    {R"("aud":"backline")", R"("aud":"")"},
    {R"("aud":"backline")", R"("aud":null)"},
    {R"("aud":"backline")", R"("aud":[])"},
    {R"("aud":"backline")", R"("aud":["other"])"},
    {R"("aud":"backline")", R"("aud":["backline","other"])"},
    {R"("aud":"backline")", R"("aud":{"backline":true})"},
    {R"("aud":"backline",)", ""},
    {R"("aud":"backline")", R"("aud":"backline","aud":"other")"},
    {R"("usr_1")", R"("")"},
    {R"("usr_1")", "null"},
    {R"("usr_1")", "1"},
    {R"("usr_1")", R"(["usr_1"])"},
    {R"("usr_1")", R"({"$gt":""})"},
    {R"("usr_1")", "\"usr_1\xFF\""},
    {R"("usr_1")", R"("usr_1\u0000usr_2")"},
    {R"("usr_1")", R"("\ud800")"},
    {R"("sub":"usr_1",)", ""},
    {R"("sub":"usr_1")", R"("sub":"usr_1","sub":"usr_2")"},
    {R"("ses_1")", R"("")"},
    {R"("ses_1")", "null"},
    {R"("ses_1")", "1"},
    {R"("sid":"ses_1",)", ""},
    {R"("sid":"ses_1")", R"("sid":"ses_2","sid":"ses_1")"},
    {R"("exp":1700000600)", R"("exp":1700000000)"},
    {R"("exp":1700000600)", R"("exp":1699999000)"},
    {R"("exp":1700000600)", R"("exp":1700000601)"},
    {R"("exp":1700000600)", R"("exp":4000000000)"},
    {R"("exp":1700000600)", R"("exp":253402300800)"},
    {R"("exp":1700000600)", R"("exp":9223372036854775807)"},
    {R"("exp":1700000600)", R"("exp":9223372036854775808)"},
    {R"("exp":1700000600)", R"("exp":99999999999999999999)"},
    {R"("exp":1700000600)", R"("exp":-1)"},
    {R"("exp":1700000600)", R"("exp":-9223372036854775808)"},
    {R"("exp":1700000600)", R"("exp":0)"},
    {R"("exp":1700000600)", R"("exp":1700000600.0)"},
    {R"("exp":1700000600)", R"("exp":1.7000006e9)"},
    {R"("exp":1700000600)", R"("exp":1e400)"},
    {R"("exp":1700000600)", R"("exp":NaN)"},
    {R"("exp":1700000600)", R"("exp":"1700000600")"},
    {R"("exp":1700000600)", R"("exp":null)"},
    {R"("exp":1700000600)", R"("exp":true)"},
    {R"("exp":1700000600)", R"("exp":[1700000600])"},
    {R"("exp":1700000600)", R"("EXP":1700000600)"},
    {R"("exp":1700000600)", R"("exp":01700000600)"},
    {R"(,"exp":1700000600)", ""},
    {R"("exp":1700000600)", R"("exp":1,"exp":1700000600)"},
    {R"("nbf":1700000000)", R"("nbf":1700000031)"},
    {R"("nbf":1700000000)", R"("nbf":1700000300)"},
    {R"("nbf":1700000000)", R"("nbf":-1)"},
    {R"("nbf":1700000000)", R"("nbf":"1700000000")"},
    {R"("nbf":1700000000)", R"("nbf":1700000000.5)"},
    {R"("nbf":1700000000)", R"("nbf":null)"},
    {R"("nbf":1700000000,)", ""},
    {R"("iat":1700000000)", R"("iat":1700000031)"},
    {R"("iat":1700000000)", R"("iat":1700000600)"},
    {R"("iat":1700000000)", R"("iat":1700000700)"},
    {R"("iat":1700000000)", R"("iat":1699999999)"},
    {R"("iat":1700000000)", R"("iat":0)"},
    {R"("iat":1700000000)", R"("iat":-1)"},
    {R"("iat":1700000000)", R"("iat":"now")"},
    {R"("iat":1700000000)", R"("iat":null)"},
    {R"("iat":1700000000,)", ""},
    {R"(["a:b"])", "null"},
    {R"(["a:b"])", R"("a:b")"},
    {R"(["a:b"])", R"({"a:b":true})"},
    {R"(["a:b"])", R"([1])"},
    {R"(["a:b"])", R"([null])"},
    {R"(["a:b"])", R"([""])"},
    {R"(["a:b"])", R"([["a:b"]])"},
    {R"(["a:b"])", R"(["a:b",])"},
    {R"(,"permissions":["a:b"])", ""},
    {R"("permissions":["a:b"])", R"("permissions":[],"permissions":["a:b"])"},
    {R"("permissions":["a:b"])", R"("permissions":["a:b"],"admin":true)"},
    {R"("permissions":["a:b"])", R"("scope":"a:b")"},
    {R"({"iss")", R"([{"iss")"},
    {R"({"iss")", R"({"nonce":"n","iss")"},
    {R"({"iss")", "\xEF\xBB\xBF{\"iss\""},
    {R"(]})", "]"},
    {R"(]})", "]}]"},
    {R"(]})", "]}{}"},
};

TEST_F(ForgedTokens, with_any_other_header_are_refused) {
    for (const Spoiled& each : spoiled_headers) {
        const std::string bad = replaced(header, each.from, each.to);
        EXPECT_EQ(refusal(forged(bad, claims, seed)), "token_invalid") << bad;
    }
}

TEST_F(ForgedTokens, with_any_other_claims_are_refused) {
    for (const Spoiled& each : spoiled_claims) {
        const std::string bad = replaced(claims, each.from, each.to);
        const std::string_view answer = refusal(forged(header, bad, seed));
        EXPECT_TRUE(answer == "token_invalid" || answer == "token_expired")
            << bad << ": " << answer;
    }
    EXPECT_EQ(verifier.remembered(), 0U);
}

std::vector<std::string> misshapen(const std::string& token) {
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    const std::string head = token.substr(0, first);
    const std::string body = token.substr(first + 1, last - first - 1);
    const std::string tail = token.substr(last + 1);
    std::vector<std::string> bad{
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        head,
        head + "." + body,
        head + "." + body + ".",
        "." + body + "." + tail,
        head + ".." + tail,
        token + ".",
        "." + token,
        token + "." + tail,
        token + " ",
        " " + token,
        token + "\n",
        token + "=",
        token + "==",
        head + "=." + body + "." + tail,
        head + "\n." + body + "." + tail,
        token + "A",
        token + std::string(1, '\0'),
        token.substr(0, token.size() - 1),
        body + "." + head + "." + tail,
        token + token,
        head + "." + body + "." + tail + "." + tail + "." + tail,
        head + "." + body + "." + std::string(86, 'A'),
        "Bearer " + token,
        R"({"payload":")" + body + R"(","protected":")" + head + R"(","signature":")" + tail +
            R"("})",
        std::string(4096, 'a'),
        std::string(4097, 'a'),
        std::string(1 << 20, '.'),
        "\xFF\xFE",
    };
    const std::string signature = *from_base64url(tail);
    for (const std::size_t length : {0UL, 1UL, 32UL, 63UL, 65UL, 128UL}) {
        std::string other = signature + signature;
        other.resize(length);
        bad.push_back(head + "." + body + "." + encoded(other));
    }
    return bad;
}

TEST_F(ForgedTokens, of_any_other_shape_are_refused) {
    for (const std::string& bad : misshapen(good)) {
        EXPECT_EQ(refusal(bad), "token_invalid") << bad.substr(0, 200);
    }
}

TEST_F(ForgedTokens, changed_in_any_one_character_are_refused) {
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const char each : {'A', 'B', '_', '-', '.', '+', '/', ' ', '\0'}) {
            std::string bad = good;
            bad[at] = each;
            if (bad != good) {
                EXPECT_EQ(refusal(bad), "token_invalid") << at;
            }
        }
    }
}

TEST_F(ForgedTokens, signed_by_others_or_by_nobody_are_refused) {
    EXPECT_EQ(refusal(forged(header, claims, {8})), "token_invalid");
    const std::string others = SigningKey::from_seed({8}).id();
    EXPECT_EQ(refusal(forged(replaced(header, key.id(), others), claims, {8})), "token_invalid");
    EXPECT_EQ(refusal(encoded(R"({"alg":"none"})") + "." + encoded(claims) + "."), "token_invalid");
}

TEST_F(ForgedTokens, over_four_kilobytes_are_refused_although_signed) {
    const auto with_permission = [&](std::size_t length) {
        return forged(header, replaced(claims, "a:b", std::string(length, 'p')), seed);
    };
    std::size_t length = 2000;
    while (with_permission(length + 1).size() <= token_bytes_max) ++length;
    EXPECT_EQ(refusal(with_permission(length)), "accepted");
    EXPECT_EQ(refusal(with_permission(length + 1)), "token_invalid");
}

TEST_F(ForgedTokens, hmac_keyed_with_the_public_key_is_refused) {
    const std::string confused = replaced(header, "EdDSA", "HS256");
    const std::string signed_part = encoded(confused) + "." + encoded(claims);
    const std::string secret = key.public_key().key().to_json();
    std::array<std::uint8_t, 32> mac{};
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes_of(secret).data(), secret.size());
    crypto_auth_hmacsha256_update(&state, bytes_of(signed_part).data(), signed_part.size());
    crypto_auth_hmacsha256_final(&state, mac.data());
    EXPECT_EQ(refusal(signed_part + "." + to_base64url(mac)), "token_invalid");
}

} // namespace
} // namespace backline::security
