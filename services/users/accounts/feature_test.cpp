// At stake: two accounts for one mailbox, a password that anybody guesses, and what a stranger learns of customers.
// Tested over HTTP with real tokens: registering, profiles of users and guests, and who may look at whom.
#include "services/users/feature_test.hpp"

#include "services/users/accounts/model.hpp"

#include <gmock/gmock.h>

#include <array>

namespace backline::users {

namespace {

using testing::HasSubstr;
using testing::Not;

Answer edit(UserShop& shop, const Tokens& as, std::string body, http::Headers headers = {}) {
    return shop.bench.call(
        {.method = "PUT",
         .target = "/v1/me",
         .body = std::move(body),
         .as = as.access_token,
         .headers = std::move(headers)}
    );
}

} // namespace

TEST(Accounts, are_made_and_told_of_the_address_first) {
    UserShop shop;
    shop.bench.settle();
    const std::size_t before = shop.bench.raised().size();
    const Answer made = shop.post("/v1/users", UserShop::person("eve@example.com"));
    ASSERT_EQ(made.status, 201) << made.body;
    const auto user = made.read<UserView>();
    EXPECT_EQ(made.headers.find("location"), "/v1/users/" + user.id.text());
    EXPECT_EQ(user.roles, (List<Role, 3>{Role::customer}));
    EXPECT_THAT(made.body, Not(HasSubstr("password")));
    shop.bench.settle();
    ASSERT_EQ(shop.bench.raised().size(), before + 2);
    EXPECT_EQ(shop.bench.raised()[before].type, ContactChanged::event.type);
    EXPECT_EQ(shop.bench.raised()[before + 1].type, UserRegistered::event.type);
    EXPECT_THAT(shop.bench.raised()[before + 1].data, Not(HasSubstr("eve@example.com")));
    EXPECT_EQ(shop.log_in("eve@example.com").customer.text(), user.id.text());
}

TEST(Accounts, are_one_for_each_mailbox_and_tell_nothing_of_its_owner) {
    UserShop shop;
    for (const char* spelling : {"ada@example.com", "ADA@example.com", "Ada@EXAMPLE.com"}) {
        const Answer second = shop.post("/v1/users", UserShop::person(spelling));
        EXPECT_EQ(second.status, 409);
        EXPECT_EQ(second.code(), "email_taken");
        EXPECT_THAT(second.body, Not(HasSubstr("usr_")));
        EXPECT_THAT(second.body, Not(HasSubstr("Known")));
    }
    EXPECT_EQ(shop.bench.documents<User>("users.users").size(), shop.accounts.size());
}

TEST(Accounts, are_one_for_each_mailbox_when_ten_register_at_once) {
    UserShop shop;
    const Ask ask{
        .method = "POST", .target = "/v1/users", .body = UserShop::person("eve@example.com")
    };
    std::size_t made = 0;
    for (const Answer& answer : shop.bench.call_at_once(std::vector<Ask>(10, ask))) {
        made += answer.status == 201 ? 1 : 0;
        EXPECT_TRUE(answer.status == 201 || answer.code() == "email_taken") << answer.body;
    }
    EXPECT_EQ(made, 1U);
    shop.bench.settle();
    EXPECT_EQ(shop.bench.events<UserRegistered>().size(), shop.accounts.size() + 1);
}

TEST(Accounts, need_a_password_that_is_hard_to_guess) {
    struct Row {
        const char* password;
        const char* code;
    };

    UserShop shop;
    for (const Row& row : {
             Row{"tiny one", "password_too_short"},
             Row{"passwordpassword", "password_too_common"},
             Row{"eve.example eve.example", "password_too_common"},
             Row{"backline backline", "password_too_common"},
             Row{"qwertyuiopasdfgh", "password_too_common"},
         }) {
        const Answer answer =
            shop.post("/v1/users", UserShop::person("eve.example@example.com", row.password));
        EXPECT_EQ(answer.status, 422) << row.password;
        EXPECT_EQ(answer.code(), row.code) << row.password;
        EXPECT_THAT(answer.body, HasSubstr("#/password"));
        EXPECT_THAT(answer.body, Not(HasSubstr(row.password)));
    }
    const std::string long_one(129, 'x');
    EXPECT_EQ(
        shop.post("/v1/users", UserShop::person("eve@example.com", long_one)).code(),
        "password_too_long"
    );
}

TEST(Accounts, do_not_tell_who_has_one_to_somebody_with_a_bad_password) {
    UserShop shop;
    const Answer known = shop.post("/v1/users", UserShop::person("ada@example.com", "short"));
    const Answer unknown = shop.post("/v1/users", UserShop::person("eve@example.com", "short"));
    EXPECT_EQ(known.code(), "password_too_short");
    EXPECT_EQ(unknown.code(), known.code());
}

TEST(Accounts, are_never_made_with_more_than_a_customer_may_have) {
    UserShop shop;
    for (const char* more : {R"("roles":["admin"])", R"("id":"usr_1")", R"("version":7)"}) {
        const std::string body = R"({"name":"Eve","email":"eve@example.com","password":")" +
                                 std::string(good_password) + R"(",)" + more + "}";
        EXPECT_EQ(shop.post("/v1/users", body).status, 422) << more;
    }
    EXPECT_EQ(shop.bench.documents<User>("users.users").size(), shop.accounts.size());
}

TEST(Accounts, have_names_of_one_line) {
    UserShop shop;
    const std::string body = R"({"name":"Eve\nBcc: all@example.com","email":"eve@example.com",)"
                             R"("password":")" +
                             std::string(good_password) + R"("})";
    EXPECT_EQ(shop.post("/v1/users", body).status, 422);
}

TEST(Profiles, are_edited_in_the_version_that_was_read) {
    UserShop shop;
    const Tokens carl = shop.log_in("carl@example.com");
    const Answer seen = shop.get("/v1/me", carl);
    const http::Headers if_match{{"If-Match", seen.etag()}};
    const Answer edited = edit(shop, carl, R"({"name":"Carl the First"})", if_match);
    EXPECT_EQ(edited.status, 200);
    EXPECT_NE(edited.etag(), seen.etag());
    const Answer late = edit(shop, carl, R"({"name":"Carl the Second"})", if_match);
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(late.code(), "version_stale");
    EXPECT_EQ(shop.get("/v1/me", carl).read<ProfileView>().name->text(), "Carl the First");
    shop.bench.settle();
    const ContactChanged told = shop.bench.events<ContactChanged>().back();
    EXPECT_EQ(told.name->text(), "Carl the First");
    EXPECT_EQ(told.customer, carl.customer);
}

TEST(Profiles, take_one_of_two_edits_of_the_same_version) {
    UserShop shop;
    const Tokens carl = shop.log_in("carl@example.com");
    const http::Headers if_match{{"If-Match", shop.get("/v1/me", carl).etag()}};
    std::vector<Ask> asks;
    for (const char* body : {R"({"name":"One"})", R"({"name":"Two"})"}) {
        asks.push_back(
            {.method = "PUT",
             .target = "/v1/me",
             .body = body,
             .as = carl.access_token,
             .headers = if_match}
        );
    }
    const std::vector<Answer> answers = shop.bench.call_at_once(asks);
    EXPECT_EQ(std::ranges::count(answers, 200, &Answer::status), 1);
    EXPECT_EQ(std::ranges::count(answers, 412, &Answer::status), 1);
}

TEST(Profiles, keep_the_address_of_an_account_and_take_a_guests) {
    UserShop shop;
    const Tokens carl = shop.log_in("carl@example.com");
    const std::string body = R"({"name":"Somebody","email":"other@example.com"})";
    EXPECT_EQ(edit(shop, carl, body).code(), "email_fixed");
    EXPECT_EQ(edit(shop, carl, R"({"name":"C","email":"carl@example.com"})").status, 200);
    const Tokens guest = shop.guest();
    EXPECT_EQ(edit(shop, guest, body).status, 200);
    EXPECT_EQ(shop.get("/v1/me", guest).read<ProfileView>().email->text(), "other@example.com");
    shop.bench.settle();
    EXPECT_EQ(shop.bench.events<ContactChanged>().back().customer, guest.customer);
}

TEST(Profiles, cannot_raise_anybody) {
    UserShop shop;
    const Tokens carl = shop.log_in("carl@example.com");
    EXPECT_EQ(edit(shop, carl, R"({"name":"Carl","roles":["admin"]})").status, 422);
    EXPECT_EQ(shop.get("/v1/me", carl).read<ProfileView>().roles.size(), 1U);
}

TEST(Accounts, are_seen_by_admins_only) {
    UserShop shop;
    const Tokens admin = shop.log_in("ada@example.com");
    const Tokens carl = shop.log_in("carl@example.com");
    const std::string path = "/v1/users/" + carl.customer.text();
    const std::string nobody = "/v1/users/" + UserId::from_parts(Instant{}, 1, 2).text();
    EXPECT_EQ(shop.get(path, admin).read<UserView>().email.text(), "carl@example.com");
    EXPECT_EQ(shop.get(nobody, admin).code(), "user_unknown");
    EXPECT_THAT(shop.get("/v1/users", admin).body, HasSubstr("sam@example.com"));
    for (const Tokens& other : {carl, shop.log_in("sam@example.com"), shop.guest()}) {
        for (const std::string& each : std::array{path, nobody, std::string("/v1/users")}) {
            const Answer refused = shop.get(each, other);
            EXPECT_EQ(refused.status, 403);
            EXPECT_THAT(refused.body, Not(HasSubstr("example.com")));
        }
    }
    EXPECT_EQ(shop.bench.call({"GET", path}).status, 401);
}

} // namespace backline::users
