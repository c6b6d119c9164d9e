// At stake: a token that can be guessed, or read back from a stolen database.
// Method: shape, difference and hash of many; everything else that is presented has no hash.
#include "adapters/memory/virtual_loop.hpp"
#include "platform/security/opaque_token.hpp"

#include <gtest/gtest.h>

#include <set>

namespace backline::security {
namespace {

TEST(OpaqueToken, is_43_characters_and_never_the_same) {
    memory::VirtualLoop loop(1);
    memory::VirtualRuntime runtime(loop);
    std::set<std::string> seen;
    for (int each = 0; each < 1000; ++each) {
        const OpaqueToken token = make_opaque_token(runtime);
        EXPECT_EQ(token.text.reveal().size(), 43U);
        EXPECT_EQ(opaque_token_hash(token.text.reveal()), token.hash);
        EXPECT_NE(token.hash, token.text.reveal());
        seen.insert(token.text.reveal());
        seen.insert(token.hash);
    }
    EXPECT_EQ(seen.size(), 2000U);
}

TEST(OpaqueToken, hash_is_sha256_of_the_text) {
    EXPECT_EQ(
        opaque_token_hash(std::string(43, 'A')), "DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo"
    );
}

TEST(OpaqueToken, has_one_form_only) {
    for (const std::string& bad : {
             std::string(),
             std::string(42, 'A'),
             std::string(44, 'A'),
             std::string(42, 'A') + "B",
             std::string(42, 'A') + "=",
             std::string(42, 'A') + " ",
             std::string(42, 'A') + "+",
             std::string(1 << 16, 'A'),
         }) {
        EXPECT_FALSE(opaque_token_hash(bad).has_value()) << bad.substr(0, 50);
    }
}

TEST(Secrets, are_compared_whole) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
    EXPECT_FALSE(equal_in_constant_time("secret", "secreT"));
    EXPECT_FALSE(equal_in_constant_time("secret", "secret "));
}

} // namespace
} // namespace backline::security
