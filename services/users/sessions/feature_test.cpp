// At stake: a stranger inside somebody's session, by a stolen token, a used one, or one that should have died.
// Tested over HTTP with real tokens: the life of sessions, their end, and twenty clients with one refresh token.
#include "services/users/feature_test.hpp"

#include "services/users/accounts/store.hpp"

#include <algorithm>
#include <array>

namespace backline::users {

namespace {

/// Puts other bytes in an account's place, for the next start.
void overwrite(UserShop& shop, const CustomerId& user, std::string body) {
    store::Stored document = *shop.bench.disk().find(users_spec, user.text());
    store::Commit commit{.collection = &users_spec, .base_version = document.version};
    commit.document = std::move(document);
    commit.document.body = std::move(body);
    ++commit.document.version;
    commit.keys = {{user.text()}, {std::int64_t{1}}};
    commit.operation = "overwrite/" + std::to_string(commit.document.version);
    shop.bench.disk().commit(commit);
    shop.bench.restart();
}

} // namespace

TEST(Sessions, of_guests_are_as_good_as_any) {
    UserShop shop;
    const Answer begun = shop.post("/v1/sessions/guest");
    EXPECT_EQ(begun.status, 201);
    const auto tokens = begun.read<Tokens>();
    EXPECT_TRUE(GuestId::parse(tokens.customer.text()).has_value());
    EXPECT_TRUE(tokens.roles.empty());
    const Answer profile = shop.get("/v1/me", tokens);
    EXPECT_EQ(profile.status, 200);
    EXPECT_NE(profile.body.find(tokens.customer.text()), std::string::npos);
    EXPECT_NE(shop.guest().customer, tokens.customer);
}

TEST(Sessions, begin_with_the_right_password_only) {
    UserShop shop;
    const Tokens tokens = shop.log_in("ADA@example.com");
    EXPECT_EQ(shop.get("/v1/me", tokens).status, 200);
    EXPECT_NE(shop.log_in("ada@example.com").session, tokens.session);
}

TEST(Sessions, do_not_tell_who_has_an_account) {
    UserShop shop;
    const Answer wrong =
        shop.post("/v1/sessions", UserShop::credentials("ada@example.com", "another long one"));
    const Answer unknown =
        shop.post("/v1/sessions", UserShop::credentials("nobody@example.com", "another long one"));
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.code(), "credentials_wrong");
    const auto without_instance = [](const Answer& answer) {
        auto problem = answer.read<http::ProblemView>();
        problem.instance.clear();
        return schema::write_json(problem);
    };
    EXPECT_EQ(unknown.status, wrong.status);
    EXPECT_EQ(without_instance(unknown), without_instance(wrong));
    EXPECT_EQ(unknown.headers.size(), wrong.headers.size());
}

TEST(Sessions, keep_neither_passwords_nor_tokens_that_can_be_read) {
    UserShop shop;
    const std::string refresh_token = shop.log_in("carl@example.com").refresh_token;
    const std::string secret = refresh_token.substr(refresh_token.find('.') + 1);
    for (const char* collection : {"users.users", "users.sessions"}) {
        for (const store::Stored& stored : shop.bench.disk().all(collection)) {
            EXPECT_EQ(stored.body.find(good_password), std::string::npos);
            EXPECT_EQ(stored.body.find(secret), std::string::npos);
        }
    }
    const Answer wrong =
        shop.post("/v1/sessions", UserShop::credentials("ada@example.com", "a canary in a mine"));
    EXPECT_EQ(wrong.body.find("canary"), std::string::npos);
}

TEST(Sessions, give_a_new_refresh_token_with_every_use) {
    UserShop shop;
    const Tokens first = shop.log_in("carl@example.com");
    shop.bench.advance(std::chrono::minutes{5});
    const Answer again = shop.refresh(first.refresh_token);
    ASSERT_EQ(again.status, 200);
    const auto second = again.read<Tokens>();
    EXPECT_EQ(second.session, first.session);
    EXPECT_EQ(second.customer, first.customer);
    EXPECT_NE(second.refresh_token, first.refresh_token);
    EXPECT_EQ(second.session_expires_at, first.session_expires_at);
    EXPECT_GT(second.access_token_expires_at, first.access_token_expires_at);
    EXPECT_EQ(shop.get("/v1/me", second).status, 200);
    EXPECT_EQ(shop.refresh(second.refresh_token).status, 200);
}

TEST(Sessions, end_with_all_their_tokens_when_a_used_refresh_token_comes_again) {
    UserShop shop;
    const Tokens first = shop.log_in("carl@example.com");
    const auto second = shop.refresh(first.refresh_token).read<Tokens>();
    const Answer reused = shop.refresh(first.refresh_token);
    EXPECT_EQ(reused.status, 401);
    EXPECT_EQ(reused.code(), "refresh_token_invalid");
    EXPECT_EQ(shop.refresh(second.refresh_token).code(), "refresh_token_invalid");
    EXPECT_EQ(shop.get("/v1/me", first).code(), "session_ended");
    shop.bench.settle();
    ASSERT_EQ(shop.bench.events<SessionEnded>().size(), 1U);
    EXPECT_EQ(shop.bench.events<SessionEnded>().front().session, first.session);
    EXPECT_EQ(shop.ends_told, 2) << "at once, and by the news as every replica";
}

TEST(Sessions, leave_the_owners_other_sessions_alone_when_they_end) {
    UserShop shop;
    const Tokens stolen = shop.log_in("carl@example.com");
    const Tokens other = shop.log_in("carl@example.com");
    shop.refresh(stolen.refresh_token);
    shop.refresh(stolen.refresh_token);
    shop.bench.settle();
    EXPECT_EQ(shop.get("/v1/me", stolen).status, 401);
    EXPECT_EQ(shop.get("/v1/me", other).status, 200);
}

TEST(Sessions, end_when_twenty_refresh_at_once_with_one_token) {
    for (int clients = 2; clients <= 20; clients += 6) {
        UserShop shop;
        const Tokens tokens = shop.log_in("carl@example.com");
        const std::vector<Ask> asks(
            static_cast<std::size_t>(clients), UserShop::refreshing(tokens.refresh_token)
        );
        const std::vector<Answer> answers = shop.bench.call_at_once(asks);
        shop.bench.settle();
        std::size_t winners = 0;
        for (const Answer& answer : answers) {
            if (answer.status != 200) {
                EXPECT_EQ(answer.code(), "refresh_token_invalid");
                continue;
            }
            ++winners;
            const auto won = answer.read<Tokens>();
            EXPECT_EQ(shop.refresh(won.refresh_token).code(), "refresh_token_invalid");
            EXPECT_EQ(shop.get("/v1/me", won).code(), "session_ended");
        }
        EXPECT_LE(winners, 1U);
        EXPECT_EQ(shop.get("/v1/me", tokens).code(), "session_ended");
        EXPECT_EQ(shop.bench.events<SessionEnded>().size(), 1U);
    }
}

TEST(Sessions, refuse_what_is_no_refresh_token) {
    UserShop shop;
    const Tokens one = shop.guest();
    const Tokens other = shop.guest();
    const std::string secret = other.refresh_token.substr(other.refresh_token.find('.'));
    for (const std::string& token : std::array<std::string, 5>{
             "",
             "nonsense",
             one.session.text() + ".",
             one.access_token,
             SessionId::from_parts(Instant{}, 1, 2).text() + secret,
         }) {
        EXPECT_EQ(shop.refresh(token).code(), "refresh_token_invalid") << token;
    }
    EXPECT_EQ(shop.refresh(one.refresh_token).status, 200) << "strangers do not end sessions";
}

TEST(Sessions, end_by_logging_out) {
    UserShop shop;
    const Tokens tokens = shop.log_in("carl@example.com");
    const Ask leave{
        .method = "DELETE", .target = "/v1/sessions/current", .as = tokens.access_token
    };
    EXPECT_EQ(shop.bench.call(leave).status, 204);
    EXPECT_EQ(shop.get("/v1/me", tokens).code(), "session_ended") << "at once";
    EXPECT_EQ(shop.refresh(tokens.refresh_token).code(), "refresh_token_invalid");
}

TEST(Sessions, that_ended_stay_ended_after_a_crash) {
    UserShop shop;
    const Tokens tokens = shop.log_in("carl@example.com");
    const Tokens lives = shop.log_in("carl@example.com");
    shop.bench.call({"DELETE", "/v1/sessions/current", {}, tokens.access_token});
    shop.bench.restart();
    EXPECT_EQ(shop.get("/v1/me", tokens).code(), "session_ended");
    EXPECT_EQ(shop.get("/v1/me", lives).status, 200);
}

TEST(Sessions, that_a_crash_cut_off_can_be_refreshed_or_begun_again) {
    for (int steps = 0; steps < 30; ++steps) {
        UserShop shop;
        const Tokens tokens = shop.log_in("carl@example.com");
        shop.bench.begin(UserShop::refreshing(tokens.refresh_token));
        for (int i = 0; i < steps; ++i) shop.bench.step();
        shop.bench.restart();
        const Answer again = shop.refresh(tokens.refresh_token);
        const bool unused = again.status == 200;
        EXPECT_TRUE(unused || again.code() == "refresh_token_invalid") << again.body;
        EXPECT_EQ(shop.get("/v1/me", shop.log_in("carl@example.com")).status, 200);
    }
}

TEST(Sessions, outlive_a_refresh_that_fails) {
    UserShop shop;
    ASSERT_EQ(shop.post("/v1/users", UserShop::person("eve@example.com")).status, 201);
    const Tokens tokens = shop.log_in("eve@example.com");
    const std::string whole = shop.bench.disk().find(users_spec, tokens.customer.text())->body;
    overwrite(shop, tokens.customer, R"({"id":7})");
    EXPECT_EQ(shop.refresh(tokens.refresh_token).status, 500);
    overwrite(shop, tokens.customer, whole);
    EXPECT_EQ(shop.refresh(tokens.refresh_token).status, 200);
}

TEST(Sessions, end_after_their_days_however_much_they_are_used) {
    UserShop shop;
    Tokens tokens = shop.log_in("carl@example.com");
    const Instant end = tokens.session_expires_at;
    while (shop.bench.now() + std::chrono::days{3} < end) {
        shop.bench.advance(std::chrono::days{3});
        const Answer answer = shop.refresh(tokens.refresh_token);
        ASSERT_EQ(answer.status, 200);
        tokens = answer.read<Tokens>();
    }
    shop.bench.advance(std::chrono::days{3});
    EXPECT_EQ(shop.refresh(tokens.refresh_token).code(), "refresh_token_invalid");
}

TEST(Sessions, have_access_tokens_of_ten_minutes) {
    UserShop shop;
    const Tokens tokens = shop.log_in("carl@example.com");
    EXPECT_LE(tokens.access_token_expires_at - shop.bench.now(), std::chrono::minutes{10});
    shop.bench.advance(std::chrono::minutes{9});
    EXPECT_EQ(shop.get("/v1/me", tokens).status, 200);
    shop.bench.advance(std::chrono::minutes{2});
    EXPECT_EQ(shop.get("/v1/me", tokens).code(), "token_expired");
}

TEST(LoggingIn, is_slowed_down_by_account_whoever_asks) {
    UserShop shop;
    const auto guess = [&](const std::string& email, const std::string& from) {
        const std::string body = UserShop::credentials(email, "not the one at all");
        return shop.bench.call({"POST", "/v1/sessions", body, {}, {}, from});
    };
    for (const char* email : {"carl@example.com", "nobody@example.com"}) {
        for (int i = 0; i < 5; ++i) {
            EXPECT_EQ(guess(email, "10.0.0." + std::to_string(i)).code(), "credentials_wrong");
        }
        const Answer slowed = guess(email, "10.0.0.9");
        EXPECT_EQ(slowed.status, 429);
        EXPECT_EQ(slowed.code(), "too_many_tries");
        EXPECT_EQ(slowed.headers.find("Retry-After"), "1");
        EXPECT_EQ(*slowed.read<http::ProblemView>().retry_after_ms, 1'000);
    }
    shop.bench.advance(Duration{1'000});
    EXPECT_EQ(guess("carl@example.com", "10.0.0.9").code(), "credentials_wrong");
}

TEST(LoggingIn, does_not_look_at_the_password_of_one_who_has_to_wait) {
    UserShop shop;
    const Ask guess{
        .method = "POST",
        .target = "/v1/sessions",
        .body = UserShop::credentials("carl@example.com", "not the one at all")
    };
    std::vector<Ask> asks(100, guess);
    asks.push_back({"POST", "/v1/sessions", UserShop::credentials("carl@example.com")});
    const std::vector<Answer> answers = shop.bench.call_at_once(asks);
    EXPECT_EQ(std::ranges::count(answers, "credentials_wrong", &Answer::code), 5);
    EXPECT_EQ(std::ranges::count(answers, "too_many_tries", &Answer::code), 96);
}

TEST(LoggingIn, goes_on_for_the_owner_under_attack) {
    UserShop shop;
    const Ask home{
        .method = "POST",
        .target = "/v1/sessions",
        .body = UserShop::credentials("carl@example.com"),
        .remote = "192.0.2.1"
    };
    ASSERT_EQ(shop.bench.call(home).status, 201);
    for (int i = 0; i < 200; ++i) {
        Ask guess = home;
        guess.body = UserShop::credentials("carl@example.com", "guess number " + std::to_string(i));
        guess.remote = "10.0.0." + std::to_string(i);
        EXPECT_GE(shop.bench.call(guess).status, 401);
        shop.bench.advance(std::chrono::minutes{6});
    }
    Ask elsewhere = home;
    elsewhere.remote = "198.51.100.7";
    EXPECT_EQ(shop.bench.call(elsewhere).code(), "too_many_tries") << "the hard stop";
    EXPECT_EQ(shop.bench.call(home).status, 201);
}

TEST(LoggingIn, forgives_tries_whose_password_nobody_could_look_at) {
    UserShop shop;
    shop.hashing_fails = true;
    for (int i = 0; i < 50; ++i) {
        const Answer answer = shop.post("/v1/sessions", UserShop::credentials("carl@example.com"));
        EXPECT_EQ(answer.status, 503);
        EXPECT_EQ(answer.headers.find("Retry-After"), "1");
    }
    shop.hashing_fails = false;
    EXPECT_EQ(shop.post("/v1/sessions", UserShop::credentials("carl@example.com")).status, 201);
}

} // namespace backline::users
