// At stake: stolen hashes that are cheap to search, cut-off passwords, and a login flood that eats the machine.
// Method: fresh hashes are parsed for their parameters; pairs of passwords that only a careless hasher confuses; more
// logins at once than there are places.
#include "adapters/memory/virtual_loop.hpp"
#include "platform/async/task_group.hpp"
#include "platform/base/invariant.hpp"
#include "platform/base/problem.hpp"
#include "platform/security/argon2_hasher.hpp"

#include <gtest/gtest.h>

#include <set>

namespace backline::security {
namespace {

Argon2Settings cheap(std::string pepper = "") {
    return {
        .memory_bytes = 64UL * 1024, .passes = 1, .pepper = Secret<std::string>(std::move(pepper))
    };
}

struct Argon2 : testing::Test {
    memory::VirtualLoop loop{1};
    memory::VirtualRuntime runtime{loop};
    Argon2Hasher hasher{runtime, cheap()};

    std::string hash(Argon2Hasher& with, const std::string& password) {
        return memory::run(loop, with.hash(Secret<std::string>(password)));
    }

    bool verify(Argon2Hasher& with, const std::string& hash, const std::string& password) {
        return memory::run(loop, with.verify(hash, Secret<std::string>(password)));
    }

    bool confuses(const std::string& one, const std::string& other) {
        return verify(hasher, hash(hasher, one), other);
    }
};

TEST_F(Argon2, makes_the_recommended_hash_by_default) {
    Argon2Hasher real(runtime, {});
    const std::string made = hash(real, "correct horse battery staple");
    EXPECT_TRUE(made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << made;
    EXPECT_TRUE(verify(real, made, "correct horse battery staple"));
    EXPECT_FALSE(verify(real, made, "correct horse battery stapler"));
    EXPECT_FALSE(real.needs_rehash(made));
}

TEST_F(Argon2, salts_every_hash) {
    std::set<std::string> made;
    for (int each = 0; each < 20; ++each) made.insert(hash(hasher, "the same password"));
    EXPECT_EQ(made.size(), 20U);
}

TEST_F(Argon2, looks_at_every_byte) {
    EXPECT_TRUE(confuses("same", "same"));
    EXPECT_FALSE(confuses(std::string(64, 'a'), std::string(65, 'a')));
    EXPECT_FALSE(confuses(std::string(72, 'a') + "b", std::string(72, 'a') + "c"));
    EXPECT_FALSE(confuses(std::string("a\0b", 3), std::string("a\0c", 3)));
    EXPECT_FALSE(confuses(std::string("a\0b", 3), "a"));
    EXPECT_FALSE(confuses("", " "));
    EXPECT_TRUE(confuses(std::string(1024, 'a'), std::string(1024, 'a')));
}

TEST_F(Argon2, does_not_hash_what_is_far_too_long) {
    EXPECT_FALSE(verify(hasher, hash(hasher, "short"), std::string(1025, 'a')));
    EXPECT_THROW(hash(hasher, std::string(1025, 'a')), InvariantBroken);
}

TEST_F(Argon2, matches_nothing_to_a_hash_of_another_form) {
    for (const std::string& each : {
             std::string(),
             std::string("password"),
             std::string("$argon2id$"),
             std::string("$2b$12$abc"),
             std::string(127, 'A'),
             std::string(128, 'A'),
             std::string(100'000, 'A'),
         }) {
        EXPECT_FALSE(verify(hasher, each, "password")) << each.substr(0, 40);
        EXPECT_TRUE(hasher.needs_rehash(each)) << each.substr(0, 40);
    }
}

TEST_F(Argon2, asks_for_a_rehash_when_parameters_changed) {
    const std::string old = hash(hasher, "password");
    Argon2Hasher real(runtime, {});
    EXPECT_FALSE(hasher.needs_rehash(old));
    EXPECT_TRUE(real.needs_rehash(old));
    EXPECT_TRUE(verify(real, old, "password"));
}

TEST_F(Argon2, needs_the_pepper) {
    Argon2Hasher peppered(runtime, cheap("a"));
    Argon2Hasher other(runtime, cheap("b"));
    const std::string made = hash(peppered, "password");
    EXPECT_TRUE(verify(peppered, made, "password"));
    EXPECT_FALSE(verify(other, made, "password"));
    EXPECT_FALSE(verify(hasher, made, "password"));
}

TEST_F(Argon2, has_a_decoy_of_the_same_price) {
    EXPECT_FALSE(hasher.needs_rehash(hasher.decoy()));
    EXPECT_FALSE(verify(hasher, hasher.decoy(), ""));
    Argon2Hasher real(runtime, {});
    EXPECT_FALSE(real.needs_rehash(real.decoy()));
}

/// How the passwords of one flood fared.
struct Tally {
    int hashed = 0;
    int refused = 0;
};

Task<> hash_one(PasswordHasher& hasher, Tally& tally) {
    try {
        const std::string made = co_await hasher.hash(Secret<std::string>("password"));
        tally.hashed += made.empty() ? 0 : 1;
    } catch (const Unavailable& refusal) {
        EXPECT_EQ(refusal.outcome(), Unavailable::Outcome::not_done);
        EXPECT_EQ(refusal.retry_after(), std::chrono::seconds(1));
        ++tally.refused;
    }
}

Task<> flood(PasswordHasher& hasher, Tally& tally) {
    TaskGroup group([](const std::exception_ptr&) { ADD_FAILURE() << "a login broke"; });
    for (int each = 0; each < 100; ++each) group.spawn(hash_one(hasher, tally));
    co_await group.join();
}

TEST_F(Argon2, takes_32_at_a_time_and_sends_the_others_away) {
    for (int round = 0; round < 2; ++round) {
        Tally tally;
        memory::run(loop, flood(hasher, tally));
        EXPECT_EQ(tally.hashed, 32);
        EXPECT_EQ(tally.refused, 68);
        EXPECT_EQ(hasher.waiting(), 0U);
    }
}

} // namespace
} // namespace backline::security
