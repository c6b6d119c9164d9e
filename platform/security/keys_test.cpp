// At stake: a private key that leaves through the public door, or a key of another kind that is believed.
// Method: what is written is read back; every other text is refused; RFC 8037's example fixes the numbers.
#include "adapters/memory/virtual_loop.hpp"
#include "platform/base/invariant.hpp"
#include "platform/security/keys.hpp"

#include <gtest/gtest.h>

namespace backline::security {
namespace {

constexpr SigningKey::Seed rfc8037_seed{
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
    0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
};

TEST(Keys, have_the_thumbprint_and_public_half_of_rfc_8037) {
    const SigningKey key = SigningKey::from_seed(rfc8037_seed);
    EXPECT_EQ(key.id(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    EXPECT_NE(
        key.public_key().key().to_json().find("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
        std::string::npos
    );
}

TEST(Keys, publish_no_private_part) {
    const SigningKey key = SigningKey::from_seed(rfc8037_seed);
    const std::string jwks = to_jwks({key.public_key()});
    EXPECT_EQ(jwks.find("\"d\""), std::string::npos);
    EXPECT_EQ(jwks.find("nWGxne"), std::string::npos);
    EXPECT_NE(KeyRing(key).to_secret_json().find("nWGxne"), std::string::npos);
    EXPECT_THROW(std::ignore = to_jwks({PublicKey(key.key())}), InvariantBroken);
}

TEST(Keys, travel_as_a_key_set) {
    const SigningKey one = SigningKey::from_seed({1});
    const SigningKey two = SigningKey::from_seed({2});
    const auto read = from_jwks(to_jwks({one.public_key(), two.public_key()}));
    ASSERT_TRUE(read.has_value());
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ(read->at(0).id(), one.id());
    EXPECT_EQ(read->at(1).id(), two.id());
}

TEST(Keys, of_a_ring_rotate) {
    KeyRing ring(SigningKey::from_seed({1}));
    ring.add(SigningKey::from_seed({2}));
    const auto read = KeyRing::from_secret_json(ring.to_secret_json());
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->current().id(), SigningKey::from_seed({2}).id());
    EXPECT_EQ(read->public_keys().size(), 2U);
    ring.drop_old(1);
    EXPECT_EQ(ring.public_keys().size(), 1U);
    EXPECT_EQ(ring.current().id(), SigningKey::from_seed({2}).id());
    EXPECT_THROW(ring.drop_old(0), InvariantBroken);
}

TEST(Keys, are_different_each_time) {
    memory::VirtualLoop loop(1);
    memory::VirtualRuntime runtime(loop);
    EXPECT_NE(SigningKey::generate(runtime).id(), SigningKey::generate(runtime).id());
}

constexpr std::string_view not_key_sets[]{
    "",
    "{}",
    "[]",
    "null",
    R"({"keys":null})",
    R"({"keys":{}})",
    R"({"keys":[null]})",
    R"({"keys":[{}]})",
    R"({"keys":[],"keys":[]})",
    R"({"keys":[{"kty":"oct","k":"AAAA"}]})",
    R"({"keys":[{"kty":"OKP","crv":"Ed25519"}]})",
    R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":7}]})",
    R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAA"}]})",
    R"({"keys":[{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})",
    R"({"keys":[{"kty":"OKP","crv":"Ed448","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})",
    R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})",
};

TEST(Keys, of_other_kinds_are_refused) {
    for (const std::string_view each : not_key_sets) {
        EXPECT_FALSE(from_jwks(std::string(each)).has_value()) << each;
        EXPECT_FALSE(KeyRing::from_secret_json(std::string(each)).has_value()) << each;
    }
}

TEST(Keys, are_refused_at_the_wrong_door) {
    const KeyRing ring(SigningKey::from_seed({1}));
    EXPECT_FALSE(from_jwks(ring.to_secret_json()).has_value());
    EXPECT_FALSE(KeyRing::from_secret_json(to_jwks(ring.public_keys())).has_value());
    EXPECT_FALSE(KeyRing::from_secret_json(R"({"keys":[]})").has_value());
}

TEST(Keys, whose_halves_do_not_belong_together_are_refused) {
    std::string json = KeyRing(SigningKey::from_seed({1})).to_secret_json();
    const std::string other = KeyRing(SigningKey::from_seed({2})).to_secret_json();
    const auto x_of = [](const std::string& text) {
        return text.substr(text.find("\"x\":\"") + 5, 43);
    };
    json.replace(json.find(x_of(json)), 43, x_of(other));
    EXPECT_FALSE(KeyRing::from_secret_json(json).has_value());
}

} // namespace
} // namespace backline::security
