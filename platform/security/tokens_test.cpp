// At stake: whoever gets a forged, foreign or stale access token accepted is that person in every service.
// Method: tokens signed by an independent implementation (libsodium), correct but for one thing each; every one must be
// refused, and the one without a fault must be accepted.
#include "adapters/memory/virtual_loop.hpp"
#include "platform/security/base64url.hpp"
#include "platform/security/tokens.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace backline::security {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{1'700'000'000'000ms};
constexpr SigningKey::Seed seed{7, 1, 9};

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string encoded(std::string_view text) {
    return to_base64url(bytes_of(text));
}

/// Signs whatever it is given, as an attacker with the key (or a buggy issuer) could.
std::string forged(
    std::string_view header, std::string_view claims, const SigningKey::Seed& with = seed
) {
    std::array<std::uint8_t, 32> open{};
    std::array<std::uint8_t, 64> secret{};
    std::array<std::uint8_t, 64> signature{};
    crypto_sign_seed_keypair(open.data(), secret.data(), with.data());
    const std::string signed_part = encoded(header) + "." + encoded(claims);
    const auto message = bytes_of(signed_part);
    crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), secret.data());
    return signed_part + "." + to_base64url(signature);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    INVARIANT(at != std::string::npos, "a bad case changes something");
    return text.replace(at, from.size(), to);
}

struct Tokens : testing::Test {
    SigningKey key = SigningKey::from_seed(seed);
    TokenRules rules{};
    TokenSigner signer{key, rules};
    TokenVerifier verifier{{key.public_key()}, rules};
    Principal principal{"usr_1", "ses_1", {"orders:read", "orders:refund"}};
    std::string good = signer.issue(principal, start).text;
    std::string header = R"({"alg":"EdDSA","typ":"at+jwt","kid":")" + key.id() + R"("})";
    std::string claims =
        R"({"iss":"backline.users","aud":"backline","sub":"usr_1","sid":"ses_1",)"
        R"("iat":1700000000,"nbf":1700000000,"exp":1700000600,"permissions":["a:b"]})";

    std::string_view refusal(std::string_view token, Instant now = start) {
        const Result<Principal> answer = verifier.authenticate(token, now);
        return answer ? "accepted" : answer.error().refusal->code;
    }
};

TEST_F(Tokens, carry_a_principal) {
    const Result<Principal> answer = verifier.authenticate(good, start);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->subject, "usr_1");
    EXPECT_EQ(answer->session, "ses_1");
    EXPECT_TRUE(answer->may("orders:refund"));
    EXPECT_FALSE(answer->may("orders:write"));
}

TEST_F(Tokens, are_read_as_an_independent_implementation_writes_them) {
    EXPECT_EQ(refusal(forged(header, claims)), "accepted");
}

TEST_F(Tokens, are_the_same_for_the_same_inputs) {
    const TokenSigner again(SigningKey::from_seed(seed), rules);
    EXPECT_EQ(again.issue(principal, start + 999ms).text, good);
    EXPECT_NE(again.issue(principal, start + 1000ms).text, good);
}

TEST_F(Tokens, expire_after_ten_minutes_and_leeway_remembered_or_not) {
    EXPECT_EQ(refusal(good, start), "accepted");
    EXPECT_EQ(refusal(good, start + 10min + 29'999ms), "accepted");
    EXPECT_EQ(refusal(good, start + 10min + 30s), "token_expired");
    TokenVerifier fresh({key.public_key()}, rules);
    EXPECT_EQ(fresh.authenticate(good, start + 10min + 30s).error().refusal->code, "token_expired");
    EXPECT_EQ(fresh.remembered(), 0U);
}

TEST_F(Tokens, from_the_future_are_refused_remembered_or_not) {
    EXPECT_EQ(refusal(good, start - 30s), "accepted");
    EXPECT_EQ(refusal(good, start - 30'001ms), "token_invalid");
}

TEST_F(Tokens, of_an_ended_session_are_refused_although_remembered) {
    const std::string other = signer.issue(Principal{"usr_2", "ses_2"}, start).text;
    EXPECT_EQ(refusal(good), "accepted");
    verifier.end_session("ses_1", start + 10min + 30s);
    EXPECT_EQ(refusal(good), "session_ended");
    EXPECT_EQ(refusal(other), "accepted");
    EXPECT_EQ(refusal(signer.issue(principal, start + 1s).text, start + 1s), "session_ended");
    EXPECT_EQ(refusal(good, start + 10min + 30s), "token_expired");
}

TEST_F(Tokens, of_a_dropped_key_are_refused_although_remembered) {
    const SigningKey next = SigningKey::from_seed({8});
    const std::string newer = TokenSigner(next, rules).issue(principal, start).text;
    EXPECT_EQ(refusal(newer), "token_invalid");
    verifier.replace_keys({next.public_key(), key.public_key()});
    EXPECT_EQ(refusal(newer), "accepted");
    EXPECT_EQ(refusal(good), "accepted");
    verifier.replace_keys({next.public_key()});
    EXPECT_EQ(refusal(newer), "accepted");
    EXPECT_EQ(refusal(good), "token_invalid");
}

TEST_F(Tokens, are_remembered_within_a_bound) {
    TokenVerifier small({key.public_key()}, rules, 3);
    for (int at = 0; at < 10; ++at) {
        const std::string token =
            signer.issue(Principal{"usr_" + std::to_string(at), "ses"}, start).text;
        EXPECT_TRUE(small.authenticate(token, start).has_value());
        EXPECT_TRUE(small.authenticate(good, start).has_value());
    }
    EXPECT_EQ(small.remembered(), 3U);
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

TEST_F(Tokens, with_any_other_header_are_refused) {
    for (const Spoiled& each : spoiled_headers) {
        const std::string bad = replaced(header, each.from, each.to);
        EXPECT_EQ(refusal(forged(bad, claims)), "token_invalid") << bad;
    }
}

TEST_F(Tokens, with_any_other_claims_are_refused) {
    for (const Spoiled& each : spoiled_claims) {
        const std::string bad = replaced(claims, each.from, each.to);
        const std::string_view answer = refusal(forged(header, bad));
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

TEST_F(Tokens, of_any_other_shape_are_refused) {
    for (const std::string& bad : misshapen(good))
        EXPECT_EQ(refusal(bad), "token_invalid") << bad.substr(0, 200);
}

TEST_F(Tokens, changed_in_any_one_character_are_refused) {
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

TEST_F(Tokens, signed_by_others_or_by_nobody_are_refused) {
    EXPECT_EQ(refusal(forged(header, claims, {8})), "token_invalid");
    const std::string others = SigningKey::from_seed({8}).id();
    EXPECT_EQ(refusal(forged(replaced(header, key.id(), others), claims, {8})), "token_invalid");
    EXPECT_EQ(refusal(encoded(R"({"alg":"none"})") + "." + encoded(claims) + "."), "token_invalid");
}

TEST_F(Tokens, over_four_kilobytes_are_refused_although_signed) {
    const auto with_permission = [&](std::size_t length) {
        return forged(header, replaced(claims, "a:b", std::string(length, 'p')));
    };
    std::size_t length = 2000;
    while (with_permission(length + 1).size() <= token_bytes_max) ++length;
    EXPECT_EQ(refusal(with_permission(length)), "accepted");
    EXPECT_EQ(refusal(with_permission(length + 1)), "token_invalid");
}

TEST_F(Tokens, hmac_keyed_with_the_public_key_is_refused) {
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

TEST(TokenRules, out_of_bounds_break_an_invariant) {
    const SigningKey key = SigningKey::from_seed(seed);
    for (const TokenRules& bad : {
             TokenRules{.issuer = ""},
             TokenRules{.audience = ""},
             TokenRules{.lifetime = 10min + 1ms},
             TokenRules{.lifetime = 0ms},
             TokenRules{.leeway = 61s},
             TokenRules{.leeway = -1ms},
         }) {
        EXPECT_THROW(TokenSigner(key, bad), InvariantBroken);
        EXPECT_THROW(TokenVerifier({key.public_key()}, bad), InvariantBroken);
    }
}

TEST(TokenSigner, refuses_to_speak_for_nobody) {
    const TokenSigner signer(SigningKey::from_seed(seed), {});
    EXPECT_THROW(std::ignore = signer.issue(Principal{}, start), InvariantBroken);
    EXPECT_THROW(std::ignore = signer.issue(Principal{"usr_1", ""}, start), InvariantBroken);
    EXPECT_THROW(
        std::ignore = signer.issue(Principal{"usr_1", "ses_1", {std::string(4096, 'p')}}, start),
        InvariantBroken
    );
}

TEST(EndedSessions, are_forgotten_when_they_have_no_effect_any_more) {
    EndedSessions ended(10);
    ended.end("a", start + 1s);
    ended.end("b", start + 5s);
    ended.end("a", start + 3s);
    ended.end("a", start + 2s);
    ended.forget_before(start + 3s);
    EXPECT_TRUE(ended.ended("a"));
    ended.forget_before(start + 3s + 1ms);
    EXPECT_FALSE(ended.ended("a"));
    EXPECT_TRUE(ended.ended("b"));
}

TEST(EndedSessions, never_let_in_what_the_bound_made_them_forget) {
    EndedSessions ended(2);
    for (const auto each : {1, 2, 3, 4})
        ended.end("ses_" + std::to_string(each), start + each * 1s);
    EXPECT_FALSE(ended.ended("ses_2"));
    EXPECT_EQ(ended.floor(), start + 2s);
    EXPECT_TRUE(ended.ended("ses_3"));
}

TEST(EndedSessions, beyond_the_bound_make_older_tokens_expire) {
    const SigningKey key = SigningKey::from_seed(seed);
    const TokenSigner signer(key, {});
    TokenVerifier verifier({key.public_key()}, {});
    const std::string older = signer.issue(Principal{"usr_1", "ses_old"}, start).text;
    const std::string newer = signer.issue(Principal{"usr_2", "ses_new"}, start + 2s).text;
    for (int each = 0; each < 65'537; ++each) {
        verifier.end_session("ses_" + std::to_string(each), start + 10min + 31s);
    }
    EXPECT_EQ(verifier.authenticate(older, start + 2s).error().refusal->code, "token_expired");
    EXPECT_TRUE(verifier.authenticate(newer, start + 2s).has_value());
}

} // namespace
} // namespace backline::security
