// At stake: a customer who hears nothing, or the same twice, or reads a stranger's words in our name.
// Tested through events and virtual time: redelivered, cut off by crashes, with a mail server that is away or refuses.
#include "services/notifications/feature_test.hpp"

namespace backline::notifications {

namespace {

using testing::HasSubstr;
using testing::Not;

} // namespace

TEST(Messages, are_sent_for_everything_that_a_customer_waits_for) {
    NotificationShop shop;
    shop.know();
    shop.register_ada();
    shop.confirm(1);
    orders::OrderRejected rejected;
    rejected.order = shop.order(2);
    rejected.customer = customer;
    rejected.number = Text<4, 40>::of("BL-1002");
    rejected.reason = orders::EndReason::payment_declined;
    shop.bench.post(rejected, {rejected.order.text()});
    orders::OrderCancelled cancelled;
    cancelled.order = shop.order(3);
    cancelled.customer = customer;
    cancelled.number = Text<4, 40>::of("BL-1003");
    cancelled.reason = orders::EndReason::customer_cancelled;
    cancelled.returned = {500, Currency("EUR")};
    shop.bench.post(cancelled, {cancelled.order.text()});
    payments::PaymentRefunded refunded;
    refunded.refund = payments::RefundId::from_parts(Instant{Duration{1}}, 1, 1);
    refunded.customer = customer;
    refunded.amount = {1'205, Currency("EUR")};
    refunded.reason = Text<3, 200>::of("a scratch");
    shop.bench.post(refunded, {refunded.refund.text()});
    shop.settle();
    std::vector<std::string> subjects;
    for (const Mail& mail : shop.sent) {
        subjects.push_back(mail.subject.text());
        EXPECT_EQ(mail.to.text(), "ada@example.com");
        EXPECT_THAT(mail.text, HasSubstr("Hello Ada"));
        EXPECT_THAT(mail.text + mail.html + mail.subject.text(), Not(HasSubstr("{{")));
    }
    EXPECT_THAT(
        subjects,
        testing::UnorderedElementsAre(
            "Welcome to Backline",
            "Your order BL-1001 is confirmed",
            "Your order BL-1002 could not be completed",
            "Your order BL-1003 is cancelled",
            "We have refunded 12.05 EUR"
        )
    );
}

TEST(Messages, are_one_for_each_event_and_kind_however_often_it_comes) {
    NotificationShop shop;
    shop.know();
    for (int copy = 0; copy < 10; ++copy) shop.confirm();
    shop.register_ada();
    shop.settle();
    shop.bench.restart();
    for (int copy = 0; copy < 10; ++copy) shop.confirm();
    shop.settle();
    shop.bench.advance(std::chrono::hours{1});
    EXPECT_EQ(shop.sent.size(), 2U);
    EXPECT_EQ(shop.messages().size(), 2U);
}

TEST(Messages, hold_up_no_event_while_the_mail_server_hangs) {
    NotificationShop shop;
    shop.know();
    shop.mail_takes = std::chrono::seconds{50};
    for (std::uint64_t number = 1; number <= 100; ++number) shop.confirm(number);
    const Instant posted = shop.bench.now();
    shop.bench.settle();
    EXPECT_LT(shop.bench.now() - posted, std::chrono::seconds{1});
    EXPECT_EQ(shop.messages().size(), 100U);
    shop.mail_takes = Duration{5};
    shop.bench.advance(std::chrono::minutes{2});
    EXPECT_EQ(shop.sent.size(), 100U);
}

TEST(Messages, are_sent_whenever_a_crash_cuts_them_off) {
    std::size_t twice = 0;
    for (int steps = 0; steps < 40; ++steps) {
        NotificationShop shop;
        shop.know();
        shop.confirm();
        for (int i = 0; i < steps; ++i) shop.bench.step();
        shop.bench.restart();
        shop.settle();
        shop.bench.advance(std::chrono::minutes{2});
        ASSERT_FALSE(shop.sent.empty()) << steps;
        EXPECT_LE(shop.sent.size(), 2U) << steps;
        EXPECT_EQ(shop.sent.front(), shop.sent.back()) << "the same mail, with the same id";
        EXPECT_EQ(shop.messages().front().status, MessageStatus::sent) << steps;
        twice += shop.sent.size() - 1;
    }
    EXPECT_GT(twice, 0U) << "between sending and noting; otherwise no crash hit where it matters";
}

TEST(Messages, wait_until_the_customer_says_how_to_be_reached) {
    NotificationShop shop;
    shop.confirm();
    shop.settle();
    shop.bench.advance(std::chrono::hours{24});
    EXPECT_TRUE(shop.sent.empty());
    EXPECT_EQ(shop.messages().front().status, MessageStatus::waiting);
    EXPECT_EQ(shop.messages().front().problem->text(), "no address is known");
    EXPECT_EQ(shop.messages().front().attempts, 0) << "the mail server was not asked";
    EXPECT_FALSE(shop.messages().front().due_at.has_value()) << "until then there is nothing to do";
    shop.know();
    shop.bench.advance(std::chrono::seconds{2});
    ASSERT_EQ(shop.sent.size(), 1U);
    EXPECT_FALSE(shop.messages().front().problem.has_value());
}

TEST(Messages, are_sent_whenever_the_address_comes) {
    for (int steps = 0; steps < 60; ++steps) {
        NotificationShop shop;
        shop.confirm();
        for (int i = 0; i < steps; ++i) shop.bench.step();
        shop.know();
        shop.bench.advance(std::chrono::seconds{2});
        EXPECT_EQ(shop.sent.size(), 1U) << steps;
    }
}

TEST(Messages, go_to_the_newest_address_whatever_comes_late) {
    NotificationShop shop;
    shop.know("Ada the Second", 2);
    shop.know("Ada the First", 1);
    shop.register_ada();
    shop.settle();
    EXPECT_THAT(shop.sent.at(0).text, HasSubstr("Hello Ada the Second"));
}

TEST(Messages, wait_for_a_mail_server_that_is_away_and_are_sent_once) {
    NotificationShop shop;
    shop.mood = away;
    shop.know();
    shop.confirm();
    shop.settle();
    shop.bench.advance(std::chrono::hours{2});
    EXPECT_EQ(shop.bench.parked().size(), 0U) << "the server's trouble is not the message's";
    const Message waiting = shop.messages().front();
    EXPECT_EQ(waiting.status, MessageStatus::waiting);
    EXPECT_EQ(waiting.problem->text(), "no mail server");
    EXPECT_GT(waiting.attempts, 10);
    EXPECT_LT(waiting.attempts, 30) << "it waits longer and longer";
    shop.mood = {};
    shop.bench.restart();
    shop.bench.advance(std::chrono::minutes{10});
    EXPECT_EQ(shop.sent.size(), 1U);
}

TEST(Messages, are_given_up_after_their_tries) {
    NotificationShop shop;
    shop.mood = away;
    shop.know();
    shop.confirm();
    shop.settle();
    shop.bench.advance(std::chrono::hours{24 * 7});
    EXPECT_EQ(shop.messages().front().status, MessageStatus::failed);
    EXPECT_FALSE(shop.messages().front().due_at.has_value());
}

TEST(Messages, that_no_sender_survives_are_given_up) {
    NotificationShop shop;
    int tries = 0;
    shop.mood = [&tries]() -> Result<void> {
        ++tries;
        throw std::logic_error("a bug");
    };
    shop.know();
    shop.confirm();
    shop.settle();
    shop.bench.advance(std::chrono::hours{24});
    EXPECT_EQ(shop.messages().front().status, MessageStatus::failed);
    EXPECT_THAT(shop.messages().front().problem->text(), HasSubstr("again and again"));
    EXPECT_EQ(tries, 200);
    EXPECT_FALSE(shop.bench.timer_failures().empty()) << "somebody was told";
}

TEST(Messages, that_are_refused_are_not_sent_again) {
    NotificationShop shop;
    int tries = 0;
    shop.mood = [&tries]() -> Result<void> {
        ++tries;
        return refuse(mail_error("mail_recipient_refused"), "550 no such mailbox");
    };
    shop.know();
    shop.confirm();
    shop.settle();
    shop.bench.advance(std::chrono::hours{24});
    EXPECT_EQ(tries, 1);
    EXPECT_EQ(shop.messages().front().status, MessageStatus::failed);
    EXPECT_EQ(shop.messages().front().problem->text(), "550 no such mailbox");
}

TEST(Messages, show_a_customers_words_as_words) {
    NotificationShop shop;
    shop.know("<script>alert('1')</script> & {{number}}");
    shop.confirm();
    shop.settle();
    const Mail& mail = shop.sent.at(0);
    EXPECT_THAT(mail.html, Not(HasSubstr("<script")));
    EXPECT_THAT(mail.html, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(mail.html, HasSubstr("&amp; {{number}}"));
    EXPECT_THAT(mail.text, HasSubstr("<script>alert('1')</script> & {{number}}"));
}

TEST(Messages, whose_subject_would_be_none_wait_until_staff_mend_the_template) {
    for (const std::string& name :
         {std::string("Eve\nBcc: everybody@example.com"), std::string(120, 'x')}) {
        NotificationShop shop;
        shop.know(name);
        EXPECT_EQ(shop.edit("welcome", words("{{name}} {{name}}", "text", "html")).status, 200);
        shop.register_ada();
        shop.settle();
        shop.bench.advance(std::chrono::hours{1});
        EXPECT_TRUE(shop.sent.empty());
        EXPECT_EQ(shop.messages().front().status, MessageStatus::waiting);
        EXPECT_THAT(shop.messages().front().problem->text(), HasSubstr("subject"));
        EXPECT_EQ(shop.edit("welcome", words("Welcome", "text", "html")).status, 200);
        shop.bench.advance(std::chrono::minutes{11});
        EXPECT_EQ(shop.sent.size(), 1U);
    }
}

TEST(Messages, are_listed_newest_first_without_addresses) {
    NotificationShop shop;
    shop.know("Ada Canary");
    for (std::uint64_t number = 1; number <= 3; ++number) {
        shop.confirm(number);
        shop.settle();
        shop.bench.advance(std::chrono::seconds{1});
    }
    const Answer first = shop.get("/v1/notifications?limit=2");
    EXPECT_EQ(first.status, 200);
    const std::size_t third = first.body.find(shop.order(3).text());
    EXPECT_LT(third, first.body.find(shop.order(2).text()));
    EXPECT_THAT(first.body, Not(HasSubstr(shop.order(1).text())));
    EXPECT_THAT(first.body, Not(HasSubstr("example.com")));
    EXPECT_THAT(first.body, Not(HasSubstr("Canary")));
    const std::string link(first.headers.find("link"));
    EXPECT_THAT(shop.get(link.substr(1, link.find('>') - 1)).body, HasSubstr(shop.order(1).text()));
}

TEST(Messages, are_for_staff) {
    NotificationShop shop;
    EXPECT_EQ(shop.bench.call({"GET", "/v1/notifications"}).status, 401);
    EXPECT_EQ(
        shop.bench.call({"GET", "/v1/notifications", {}, tests::as(customer.text())}).status, 403
    );
}

} // namespace backline::notifications
