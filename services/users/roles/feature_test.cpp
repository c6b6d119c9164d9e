// At stake: somebody who raises themselves, a shop that nobody rules any more, a right that outlives its loss.
// Tested over HTTP with real tokens, in races, and with a log-in at every point of a change of roles.
#include "services/users/feature_test.hpp"

#include "services/users/roles/model.hpp"

#include <algorithm>

namespace backline::users {

namespace {

std::ptrdiff_t admins_of(const UserShop& shop) {
    return std::ranges::count_if(shop.bench.documents<User>("users.users"), [](const User& user) {
        return std::ranges::find(user.roles, Role::admin) != user.roles.end();
    });
}

} // namespace

TEST(AssigningRoles, is_for_admins) {
    UserShop shop;
    const Tokens carl = shop.log_in("carl@example.com");
    const Tokens sam = shop.log_in("sam@example.com");
    for (const Tokens& other : {sam, carl, shop.guest()}) {
        EXPECT_EQ(shop.assign(other, carl, R"("staff")").code(), "permission_missing");
        EXPECT_EQ(shop.assign(other, other, R"("admin")").status, 403);
    }
    const Answer raised = shop.assign(shop.log_in("ada@example.com"), carl, R"("staff","staff")");
    EXPECT_EQ(raised.status, 200);
    EXPECT_EQ(raised.read<UserView>().roles, (List<Role, 3>{Role::staff}));
}

TEST(AssigningRoles, is_not_for_oneself) {
    UserShop shop;
    const Tokens ada = shop.log_in("ada@example.com");
    EXPECT_EQ(shop.assign(ada, ada, R"("customer")").code(), "own_roles");
    EXPECT_EQ(shop.get("/v1/users", ada).status, 200);
}

TEST(AssigningRoles, refuses_what_is_no_set_of_roles) {
    UserShop shop;
    const Tokens ada = shop.log_in("ada@example.com");
    const Tokens carl = shop.log_in("carl@example.com");
    for (const char* roles : {"", R"("root")", R"("staff","staff","staff","staff")"}) {
        EXPECT_EQ(shop.assign(ada, carl, roles).status, 422) << roles;
    }
    EXPECT_EQ(shop.assign(ada, carl, R"("staff")", {{"If-Match", "\"77\""}}).status, 412);
    EXPECT_EQ(shop.get("/v1/me", carl).status, 200) << "nothing was changed, nothing ended";
}

TEST(AssigningRoles, ends_the_sessions_of_whoever_gets_them) {
    UserShop shop;
    const Tokens ada = shop.log_in("ada@example.com");
    const Tokens one = shop.log_in("sam@example.com");
    const Tokens other = shop.log_in("sam@example.com");
    ASSERT_EQ(shop.assign(ada, one, R"("customer")").status, 200);
    for (const Tokens& tokens : {one, other}) {
        EXPECT_EQ(shop.get("/v1/me", tokens).code(), "session_ended") << "at once";
        EXPECT_EQ(shop.refresh(tokens.refresh_token).code(), "refresh_token_invalid");
    }
    EXPECT_EQ(shop.log_in("sam@example.com").roles, (List<Role, 3>{Role::customer}));
    EXPECT_EQ(shop.get("/v1/me", ada).status, 200);
}

TEST(AssigningRoles, leaves_an_admin_when_two_remove_each_other) {
    UserShop shop;
    const Tokens ada = shop.log_in("ada@example.com");
    const Tokens alex = shop.log_in("alex@example.com");
    ASSERT_EQ(admins_of(shop), 2);
    const std::vector<Answer> answers = shop.bench.call_at_once(
        {UserShop::assigning(ada, alex, R"("customer")"),
         UserShop::assigning(alex, ada, R"("customer")")}
    );
    EXPECT_EQ(std::ranges::count(answers, 200, &Answer::status), 1);
    EXPECT_EQ(std::ranges::count(answers, "last_admin", &Answer::code), 1);
    EXPECT_EQ(admins_of(shop), 1);
}

TEST(AssigningRoles, is_completed_by_asking_again_wherever_a_crash_cut_it_off) {
    for (int steps = 0; steps < 40; ++steps) {
        UserShop shop;
        const Tokens ada = shop.log_in("ada@example.com");
        const Tokens alex = shop.log_in("alex@example.com");
        shop.bench.begin(UserShop::assigning(ada, alex, R"("customer")"));
        for (int i = 0; i < steps; ++i) shop.bench.step();
        shop.bench.restart();
        EXPECT_EQ(shop.assign(ada, alex, R"("customer")").status, 200) << steps;
        EXPECT_EQ(admins_of(shop), 1) << steps;
        EXPECT_EQ(shop.get("/v1/me", alex).code(), "session_ended") << steps;
        EXPECT_EQ(shop.get("/v1/users", ada).status, 200) << steps;
    }
}

TEST(AssigningRoles, takes_old_rights_away_wherever_a_crash_cut_it_off) {
    int taken = 0;
    for (int steps = 0; steps < 60; ++steps) {
        UserShop shop;
        const Tokens ada = shop.log_in("ada@example.com");
        const Tokens sam = shop.log_in("sam@example.com");
        shop.bench.begin(UserShop::assigning(ada, sam, R"("customer")"));
        for (int i = 0; i < steps; ++i) shop.bench.step();
        shop.bench.restart();
        shop.bench.settle();
        const bool lives = shop.get("/v1/me", sam).status == 200;
        const bool staff = shop.log_in("sam@example.com").roles.size() == 2;
        EXPECT_EQ(lives, staff) << steps;
        taken += staff ? 0 : 1;
    }
    EXPECT_GT(taken, 0);
}

TEST(AssigningRoles, gives_no_old_right_to_whoever_is_just_logging_in) {
    for (int ms = 0; ms < 20; ++ms) {
        UserShop shop;
        const Tokens ada = shop.log_in("ada@example.com");
        const Tokens sam = shop.log_in("sam@example.com");
        shop.hashing_takes = Duration{ms};
        const Ask log_in{
            .method = "POST",
            .target = "/v1/sessions",
            .body = UserShop::credentials("sam@example.com")
        };
        const std::vector<Answer> answers =
            shop.bench.call_at_once({log_in, UserShop::assigning(ada, sam, R"("customer")")});
        const auto late = answers.front().read<Tokens>();
        const bool lives = shop.get("/v1/me", late).status == 200;
        EXPECT_TRUE(!lives || late.roles == (List<Role, 3>{Role::customer})) << ms;
    }
}

TEST(AssigningRoles, whose_news_come_late_or_again_end_no_session_that_has_them) {
    UserShop shop;
    ASSERT_EQ(shop.grant("carl@example.com", "staff").status, 200);
    const Tokens carl = shop.log_in("carl@example.com");
    shop.bench.settle();
    const RolesChanged news = shop.bench.events<RolesChanged>().back();
    shop.bench.deliver(news, {.subject = news.user.text()});
    EXPECT_EQ(shop.get("/v1/me", carl).status, 200);
    EXPECT_EQ(shop.refresh(carl.refresh_token).status, 200);
}

TEST(AssigningRoles, says_nothing_new_of_sessions_that_are_over) {
    UserShop shop;
    const Tokens gone = shop.log_in("carl@example.com");
    shop.bench.call({"DELETE", "/v1/sessions/current", {}, gone.access_token});
    shop.bench.settle();
    const int told = shop.ends_told;
    ASSERT_EQ(shop.grant("carl@example.com", "staff").status, 200);
    shop.bench.settle();
    EXPECT_EQ(shop.ends_told, told);
}

TEST(AssigningRoles, whose_news_an_older_program_has_told_end_every_session) {
    UserShop shop;
    const Tokens carl = shop.log_in("carl@example.com");
    const RolesChanged news{
        .user = UserId::parse(carl.customer.text()).value(), .changed_at = shop.bench.now()
    };
    shop.bench.deliver(news, {.subject = news.user.text()});
    EXPECT_EQ(shop.get("/v1/me", carl).code(), "session_ended");
}

TEST(GrantingRoles, makes_the_first_admin_of_a_shop) {
    UserShop shop;
    shop.accounts.clear();
    shop.bench.restart();
    shop.post("/v1/users", UserShop::person("eve@example.com"));
    const Tokens before = shop.log_in("eve@example.com");
    const Answer granted = shop.grant("EVE@example.com", "admin");
    ASSERT_EQ(granted.status, 200) << granted.body;
    EXPECT_EQ(granted.read<UserView>().roles, (List<Role, 3>{Role::customer, Role::admin}));
    EXPECT_EQ(shop.get("/v1/me", before).code(), "session_ended");
    const Tokens eve = shop.log_in("eve@example.com");
    EXPECT_EQ(shop.get("/v1/users", eve).status, 200);
    shop.post("/v1/users", UserShop::person("mallory@example.com"));
    const Tokens mallory = shop.log_in("mallory@example.com");
    ASSERT_EQ(shop.assign(eve, mallory, R"("admin")").status, 200);
}

TEST(GrantingRoles, adds_to_those_that_are_there_and_needs_an_account) {
    UserShop shop;
    EXPECT_EQ(shop.grant("sam@example.com", "admin").read<UserView>().roles.size(), 3U);
    EXPECT_EQ(shop.grant("sam@example.com", "admin").read<UserView>().roles.size(), 3U);
    EXPECT_EQ(shop.grant("nobody@example.com", "admin").code(), "user_unknown");
    EXPECT_EQ(shop.grant("sam@example.com", "root").status, 422);
}

TEST(AssigningRoles, holds_after_the_next_start) {
    UserShop shop;
    const Tokens ada = shop.log_in("ada@example.com");
    ASSERT_EQ(shop.assign(ada, shop.log_in("sam@example.com"), R"("customer")").status, 200);
    shop.bench.restart();
    EXPECT_EQ(shop.log_in("sam@example.com").roles, (List<Role, 3>{Role::customer}));
    EXPECT_EQ(admins_of(shop), 2);
}

} // namespace backline::users
