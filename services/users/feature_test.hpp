#pragma once

#include "adapters/memory/cheap_hasher.hpp"
#include "platform/http/problem_response.hpp"
#include "platform/observe/log.hpp"
#include "services/users/service.hpp"
#include "services/users/sessions/api.hpp"
#include "tests/support/service_bench.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

/// The User Service with real tokens: what a session gives opens the routes, until it does not any more.
namespace backline::users {

using tests::Answer;
using tests::Ask;
using tests::ServiceBench;

inline constexpr const char* good_password = "nine purple amplifiers";

/// Takes its time, and may have too much to do, as a real hasher.
class BusyHasher final : public security::PasswordHasher {
public:
    BusyHasher(Runtime& runtime, const Duration& takes, const bool& fails)
        : runtime_(runtime)
        , takes_(takes)
        , fails_(fails)
        , cheap_(runtime) {}

    Task<std::string> hash(Secret<std::string> password) override {
        if (fails_) throw Unavailable(Unavailable::Outcome::not_done, "busy", Duration{1'000});
        co_await sleep_for(runtime_, takes_);
        co_return co_await cheap_.hash(std::move(password));
    }

    Task<bool> verify(std::string hash, Secret<std::string> password) override {
        if (fails_) throw Unavailable(Unavailable::Outcome::not_done, "busy", Duration{1'000});
        co_await sleep_for(runtime_, takes_);
        co_return co_await cheap_.verify(std::move(hash), std::move(password));
    }

    [[nodiscard]] bool needs_rehash(const std::string& hash) const override {
        return cheap_.needs_rehash(hash);
    }

    [[nodiscard]] std::string decoy() const override { return cheap_.decoy(); }

private:
    Runtime& runtime_;
    const Duration& takes_;
    const bool& fails_;
    memory::CheapHasher cheap_;
};

struct UserShop {
    Duration hashing_takes{0};
    bool hashing_fails = false;
    int ends_told = 0; ///< How often somebody was told of a session that ended.
    security::SigningKey key = security::SigningKey::from_seed({1});
    security::TokenSigner signer{key, {}};
    std::vector<security::PublicKey> older_keys;
    /// What a process knows of ended sessions dies with it, so each gets a new one, in the same place.
    std::optional<security::TokenVerifier> verifier{std::in_place, known_keys(), rules()};
    std::optional<BusyHasher> hasher;
    std::unique_ptr<observe::Log> log = observe::make_silent_log();
    security::EndedSessionFeed* feed;
    cache::Cache* copies; ///< With one, the shop is a replica on a store that others write to.
    std::vector<KnownAccount> accounts{
        account("ada@example.com", {Role::customer, Role::admin}),
        account("alex@example.com", {Role::customer, Role::admin}),
        account("sam@example.com", {Role::customer, Role::staff}),
        account("carl@example.com", {Role::customer}),
    };
    ServiceBench bench{{[this](Backends on) { return make(on); }}, *verifier, copies == nullptr};

    explicit UserShop(
        security::EndedSessionFeed* ended_sessions = nullptr, cache::Cache* session_copies = nullptr
    )
        : feed(ended_sessions)
        , copies(session_copies) {}

    static KnownAccount account(const std::string& email, List<Role, 3> roles) {
        const Secret<std::string> password(good_password);
        return {Email::of(email), password, PersonName::of("Known"), std::move(roles)};
    }

    static std::string credentials(
        const std::string& email, const std::string& password = good_password
    ) {
        return R"({"email":")" + email + R"(","password":")" + password + R"("})";
    }

    static std::string person(
        const std::string& email, const std::string& password = good_password
    ) {
        return R"({"name":"Eve","email":")" + email + R"(","password":")" + password + R"("})";
    }

    static Ask refreshing(const std::string& token) {
        const std::string body = R"({"refresh_token":")" + token + R"("})";
        return {.method = "POST", .target = "/v1/sessions/refresh", .body = body};
    }

    Answer post(const std::string& path, const std::string& body = {}) {
        return bench.call({"POST", path, body});
    }

    Answer get(const std::string& path, const Tokens& as) {
        return bench.call({"GET", path, {}, as.access_token});
    }

    Tokens log_in(const std::string& email) {
        const Answer answer = post("/v1/sessions", credentials(email));
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.read<Tokens>();
    }

    Tokens guest() { return post("/v1/sessions/guest").read<Tokens>(); }

    Answer refresh(const std::string& token) { return bench.call(refreshing(token)); }

    Answer assign(
        const Tokens& by, const Tokens& to, const std::string& roles, http::Headers headers = {}
    ) {
        return bench.call(assigning(by, to, roles, std::move(headers)));
    }

    /// As an operator.
    Answer grant(const std::string& email, const std::string& role) {
        return post("/users/grants", R"({"email":")" + email + R"(","role":")" + role + R"("})");
    }

    static Ask assigning(
        const Tokens& by, const Tokens& to, const std::string& roles, http::Headers headers = {}
    ) {
        return {
            .method = "PUT",
            .target = "/v1/users/" + to.customer.text() + "/roles",
            .body = R"({"roles":[)" + roles + "]}",
            .as = by.access_token,
            .headers = std::move(headers)
        };
    }

private:
    [[nodiscard]] std::vector<security::PublicKey> known_keys() const {
        std::vector<security::PublicKey> keys{key.public_key()};
        keys.insert(keys.end(), older_keys.begin(), older_keys.end());
        return keys;
    }

    static security::TokenRules rules() { return {}; }

    Service make(Backends on) {
        verifier.emplace(known_keys(), rules());
        hasher.emplace(on.runtime, hashing_takes, hashing_fails);
        const auto ended = [this](const std::string& session, Instant until) {
            ++ends_told;
            verifier->end_session(session, until);
        };
        Ports ports{*hasher, signer, known_keys(), ended, *log};
        ports.ended_sessions = feed;
        ports.session_copies = copies;
        return make_service(on, std::move(ports), {}, accounts);
    }
};

} // namespace backline::users
