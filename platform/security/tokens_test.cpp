// At stake: whoever gets a forged, foreign or stale access token accepted is that person in every service.
// Method: tokens over time, over changes of keys, and past the bounds of what is remembered.
#include "platform/security/tokens.hpp"

#include <gtest/gtest.h>

namespace backline::security {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{1'700'000'000'000ms};
constexpr SigningKey::Seed seed{7, 1, 9};

struct Tokens : testing::Test {
    SigningKey key = SigningKey::from_seed(seed);
    TokenRules rules{};
    TokenSigner signer{key, rules};
    TokenVerifier verifier{{key.public_key()}, rules};
    Principal principal{"usr_1", "ses_1", {"orders:read", "orders:refund"}};
    std::string good = signer.issue(principal, start).text;

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

TEST_F(Tokens, are_not_judged_without_a_key) {
    TokenVerifier keyless({}, rules);
    EXPECT_THROW((void)unwrap(keyless.authenticate(good, start)), Unavailable);
    keyless.replace_keys({key.public_key()});
    EXPECT_TRUE(keyless.authenticate(good, start).has_value());
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

TEST_F(Tokens, seal_what_comes_back_as_it_was_or_not_at_all) {
    const std::string text("any\0bytes", 9);
    const std::string sealed = signer.seal("session:1", text);
    EXPECT_EQ(signer.open("session:1", sealed), text);
    EXPECT_EQ(signer.open("session:2", sealed), std::nullopt);
    EXPECT_EQ(signer.open("session:", sealed), std::nullopt);
    EXPECT_EQ(signer.open("session:1" + text, signer.seal("session:1", text)), std::nullopt);
    const TokenSigner stranger(SigningKey::from_seed({1}), rules);
    EXPECT_EQ(signer.open("session:1", stranger.seal("session:1", text)), std::nullopt);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string flipped = sealed;
        flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(signer.open("session:1", flipped), std::nullopt) << i;
    }
    for (const char* garbage : {"", ".", "..", "a.b.c", "a.b"}) {
        EXPECT_EQ(signer.open("session:1", garbage), std::nullopt) << garbage;
    }
}

TEST_F(Tokens, are_not_to_be_mistaken_for_what_is_sealed) {
    const std::string claims = R"({"iss":"backline.users"})";
    EXPECT_EQ(refusal(signer.seal("", claims)), "token_invalid");
    EXPECT_EQ(signer.open("", good), std::nullopt);
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
    for (const auto each : {1, 2, 3, 4}) {
        ended.end("ses_" + std::to_string(each), start + each * 1s);
    }
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
