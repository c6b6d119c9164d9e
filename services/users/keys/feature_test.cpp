// At stake: the key that signs for everybody, shown to everybody; and services that cannot check a token.
// Tested by what the route shows: it checks a token, and whoever has it can sign nothing.
#include "services/users/feature_test.hpp"

#include "services/users/keys/api.hpp"

namespace backline::users {

TEST(Keys, that_are_shown_check_the_tokens_of_this_shop) {
    UserShop shop;
    const Answer shown = shop.bench.call({"GET", "/.well-known/jwks.json"});
    ASSERT_EQ(shown.status, 200);
    auto keys = security::from_jwks(shown.body);
    ASSERT_TRUE(keys.has_value());
    security::TokenVerifier elsewhere(*std::move(keys), {});
    const Tokens tokens = shop.log_in("sam@example.com");
    const auto who = elsewhere.authenticate(tokens.access_token, shop.bench.now());
    ASSERT_TRUE(who.has_value());
    EXPECT_EQ(who->subject, tokens.customer.text());
    EXPECT_TRUE(who->may("stock:adjust"));
}

TEST(Keys, that_are_shown_are_all_that_live) {
    UserShop shop;
    shop.older_keys.push_back(security::SigningKey::from_seed({2}).public_key());
    shop.bench.restart();
    const auto shown = shop.bench.call({"GET", "/.well-known/jwks.json"}).read<JwkSet>();
    ASSERT_EQ(shown.keys.size(), 2U);
    EXPECT_EQ(shown.keys[0].kid, shop.key.id());
    EXPECT_EQ(shown.keys[1].kid, shop.older_keys.front().id());
}

TEST(Keys, have_no_private_part) {
    UserShop shop;
    const Answer shown = shop.bench.call({"GET", "/.well-known/jwks.json"});
    EXPECT_EQ(shown.body.find(R"("d":)"), std::string::npos);
    const Jwk key = shown.read<JwkSet>().keys.at(0);
    EXPECT_EQ(key.kty + key.crv + key.alg + key.use, "OKPEd25519EdDSAsig");
    EXPECT_FALSE(security::KeyRing::from_secret_json(shown.body).has_value());
}

TEST(Keys, may_be_kept_for_a_while) {
    UserShop shop;
    const Answer shown = shop.bench.call({"GET", "/.well-known/jwks.json"});
    EXPECT_EQ(shown.headers.find("Cache-Control"), "public, max-age=300");
}

} // namespace backline::users
