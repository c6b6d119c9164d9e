// At stake: a cache that others may write to must not bring a session back to life, let a used token in, or make
// somebody another.
// How: replicas of the User Service on one disk whose cache is old, is another's, or is garbage.
#include "services/users/feature_test.hpp"

#include <gtest/gtest.h>

#include <map>

namespace backline::users {

namespace {

/// A cache that the test reads and writes, too.
class OpenCache final : public cache::Cache {
public:
    std::map<std::string, cache::Entry> entries;
    int found = 0;

    Task<std::optional<cache::Entry>> get(std::string key) override {
        const auto entry = entries.find(key);
        if (entry == entries.end()) co_return std::nullopt;
        ++found;
        co_return entry->second;
    }

    Task<> put(std::string key, cache::Entry entry, Duration) override {
        entries[std::move(key)] = std::move(entry);
        co_return;
    }

    Task<> outdate(std::string key, std::int64_t) override {
        entries.erase(key);
        co_return;
    }
};

struct Replica {
    OpenCache cache;
    UserShop shop{nullptr, &cache};

    /// The next tokens of a session.
    Tokens refresh(const Tokens& tokens) {
        const Answer answer = shop.refresh(tokens.refresh_token);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.read<Tokens>();
    }

    std::string refused(const Tokens& tokens) { return shop.refresh(tokens.refresh_token).code(); }

    /// As another replica would find it: nothing in the memory of the process.
    void forget() { shop.bench.restart(); }
};

} // namespace

TEST(SessionCopies, are_found_by_the_replica_that_refreshes_next) {
    Replica on;
    Tokens tokens = on.refresh(on.shop.log_in("carl@example.com"));
    EXPECT_EQ(on.cache.entries.size(), 1U);
    for (int i = 1; i <= 5; ++i) {
        on.forget();
        const Tokens next = on.refresh(tokens);
        EXPECT_EQ(on.cache.found, i);
        EXPECT_EQ(next.session, tokens.session);
        EXPECT_EQ(next.customer, tokens.customer);
        EXPECT_EQ(next.roles, tokens.roles);
        EXPECT_EQ(on.shop.get("/v1/me", next).status, 200);
        tokens = next;
    }
}

TEST(SessionCopies, that_are_old_let_no_used_token_in) {
    Replica on;
    const Tokens used = on.refresh(on.shop.log_in("carl@example.com"));
    const auto old = on.cache.entries;
    const Tokens current = on.refresh(used);
    on.forget();
    on.cache.entries = old;
    EXPECT_EQ(on.refused(used), "refresh_token_invalid");
    on.cache.entries = old;
    EXPECT_EQ(on.refused(current), "refresh_token_invalid") << "the reuse has ended the session";
}

TEST(SessionCopies, that_are_old_lock_nobody_out) {
    Replica on;
    Tokens tokens = on.refresh(on.shop.log_in("carl@example.com"));
    const auto old = on.cache.entries;
    for (int i = 0; i < 3; ++i) {
        tokens = on.refresh(tokens);
        on.forget();
        on.cache.entries = old;
    }
    EXPECT_EQ(on.shop.get("/v1/me", on.refresh(tokens)).status, 200);
}

TEST(SessionCopies, revive_no_session_that_has_ended) {
    Replica on;
    const Tokens tokens = on.refresh(on.shop.log_in("carl@example.com"));
    const auto alive = on.cache.entries;
    on.shop.bench.call({"DELETE", "/v1/sessions/current", {}, tokens.access_token});
    on.forget();
    for (int i = 0; i < 2; ++i) {
        on.cache.entries = alive;
        EXPECT_EQ(on.refused(tokens), "refresh_token_invalid");
        EXPECT_EQ(on.shop.get("/v1/me", tokens).code(), "session_ended");
    }
}

TEST(SessionCopies, that_nobody_of_ours_has_made_are_none) {
    Replica on;
    Tokens mine = on.refresh(on.shop.log_in("carl@example.com"));
    const Tokens other = on.refresh(on.shop.log_in("ada@example.com"));
    const std::string key = "session:" + mine.session.text();
    const cache::Entry ours = on.cache.entries.at(key);
    const security::TokenSigner stranger(security::SigningKey::from_seed({9}), {});
    std::string forged = *on.shop.signer.open(key, ours.bytes);
    forged.replace(forged.find(mine.customer.text()), 30, other.customer.text());
    for (const std::string& bytes : {
             std::string("garbage"),
             std::string(),
             forged,
             stranger.seal(key, forged),
             on.cache.entries.at("session:" + other.session.text()).bytes,
             on.shop.signer.seal(key, "not ours"),
             on.shop.signer.seal(key, R"({"version":1})"),
             mine.access_token,
         }) {
        on.forget();
        on.cache.entries[key] = {1'000, bytes};
        const Tokens next = on.refresh(mine);
        EXPECT_EQ(next.customer, mine.customer);
        EXPECT_EQ(next.roles, mine.roles);
        mine = next;
    }
}

} // namespace backline::users
