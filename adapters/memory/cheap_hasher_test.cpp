// At stake: tests and simulation whose logins mean nothing.
// Method: the few promises of the port that a cheap hasher can keep.
#include "adapters/memory/cheap_hasher.hpp"
#include "adapters/memory/virtual_loop.hpp"

#include <gtest/gtest.h>

namespace backline::memory {
namespace {

TEST(CheapHasher, knows_a_password_again) {
    VirtualLoop loop(1);
    VirtualRuntime runtime(loop);
    CheapHasher hasher(runtime);
    const Secret<std::string> password("correct horse battery staple");
    const std::string made = run(loop, hasher.hash(password));
    EXPECT_TRUE(run(loop, hasher.verify(made, password)));
    EXPECT_FALSE(run(loop, hasher.verify(made, Secret<std::string>("another"))));
    EXPECT_FALSE(run(loop, hasher.verify(hasher.decoy(), password)));
    EXPECT_FALSE(hasher.needs_rehash(made));
    EXPECT_TRUE(hasher.needs_rehash("$argon2id$"));
}

} // namespace
} // namespace backline::memory
