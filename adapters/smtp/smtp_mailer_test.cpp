// At stake: mail that never arrives, arrives as garbage, or carries what somebody smuggled into a name.
// Method: a real mail server (Debian's python3-aiosmtpd) that reads each mail with its own parser and misbehaves on
// demand. Without it these tests are skipped, and say so.
#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/smtp/mail_server_test.hpp"
#include "adapters/smtp/smtp_mailer.hpp"
#include "platform/async/task_group.hpp"

#include <gtest/gtest.h>

#include <set>

namespace backline::smtp {
namespace {

using namespace std::chrono_literals;

Mail mail(std::string_view to = "ada@example.com") {
    return {
        .id = notifications::MailId::of("ntf_1/order confirmed"),
        .to = Email::of(to),
        .subject = notifications::MailSubject::of("Your order"),
        .text = "Thank you.\n.\n..dots\nGrüße\n",
        .html = "<p>Thank you. Grüße</p>\n",
    };
}

Settings settings_for(const MailServer& server) {
    return {
        .host = "127.0.0.1",
        .port = server.port(),
        .security = Security::none,
        .from = {Email::of("shop@backline.example"), Text<0, 100>::of("Backline, \"the\" shop")},
        .connects_within = 2s,
        .answers_within = 5s,
    };
}

/// `accepted`, a refusal's code, `not_done` or `unknown`.
Task<> send_one(SmtpMailer& mailer, Mail sent, std::string& fate) {
    try {
        const Result<void> answer = co_await mailer.send(std::move(sent));
        fate = answer ? "accepted" : std::string(answer.error().refusal->code);
    } catch (const Unavailable& failure) {
        fate = failure.outcome() == Unavailable::Outcome::unknown ? "unknown" : "not_done";
    }
}

std::string fate_of(Settings settings, Mail sent) {
    asio_runtime::AsioRuntime runtime;
    SmtpMailer mailer(runtime, std::move(settings));
    std::string fate;
    runtime.run(send_one(mailer, std::move(sent), fate));
    return fate;
}

struct SmtpMailers : testing::Test {
    MailServer server{"plain"};

    void SetUp() override {
        if (!server.started()) GTEST_SKIP() << "NO MAIL SERVER: apt-get install python3-aiosmtpd";
    }
};

TEST_F(SmtpMailers, delivers_what_it_was_given) {
    ASSERT_EQ(fate_of(settings_for(server), mail()), "accepted");
    const ReceivedMail got = server.next();
    EXPECT_EQ(got.envelope_from, "shop@backline.example");
    EXPECT_EQ(got.envelope_to, std::vector<std::string>{"ada@example.com"});
    EXPECT_EQ(got.headers.at("to"), "ada@example.com");
    EXPECT_EQ(got.headers.at("from"), "\"Backline, \\\"the\\\" shop\" <shop@backline.example>");
    EXPECT_EQ(got.headers.at("subject"), "Your order");
    EXPECT_EQ(got.headers.at("message-id"), "<ntf_1=2forder=20confirmed@backline.example>");
    EXPECT_EQ(got.headers.at("mime-version"), "1.0");
    EXPECT_EQ(got.text, mail().text);
    EXPECT_EQ(got.html, mail().html);
    EXPECT_EQ(got.hello, "backline.example");
    EXPECT_FALSE(got.tls);
}

TEST_F(SmtpMailers, delivers_every_script_and_long_subjects) {
    std::string subject;
    for (int each = 0; each < 20; ++each) subject += "Größe 犬🎛 ";
    subject.resize(subject.size() - 1);
    Mail sent = mail();
    sent.subject = notifications::MailSubject::of(subject);
    sent.text = std::string(20'000, 'x') + "\n";
    sent.html.clear();
    ASSERT_EQ(fate_of(settings_for(server), sent), "accepted");
    const ReceivedMail got = server.next();
    EXPECT_EQ(got.headers.at("subject"), subject);
    EXPECT_EQ(got.text, sent.text);
    EXPECT_EQ(got.html, "");
    EXPECT_LE(got.longest_line, 100);
}

TEST_F(SmtpMailers, refuses_to_smuggle_headers) {
    for (const char* const bad :
         {"Hello\nBcc: eve@example.com", "Hello\r\nBcc: eve@example.com", "a\tb", "\n"}) {
        Mail sent = mail();
        sent.subject = notifications::MailSubject::unchecked(bad);
        EXPECT_EQ(fate_of(settings_for(server), sent), "mail_content_refused");
        sent = mail();
        sent.id = notifications::MailId::unchecked(bad);
        EXPECT_EQ(fate_of(settings_for(server), sent), "mail_content_refused");
        sent = mail();
        sent.to = Email::unchecked(std::string("ada@example.com>") + bad);
        EXPECT_EQ(fate_of(settings_for(server), sent), "mail_content_refused");
    }
    ASSERT_EQ(fate_of(settings_for(server), mail()), "accepted");
    EXPECT_EQ(server.next().headers.at("subject"), "Your order");
}

TEST_F(SmtpMailers, tells_what_is_refused_for_good_from_what_may_work_later) {
    const Settings settings = settings_for(server);
    EXPECT_EQ(fate_of(settings, mail("r550@example.com")), "mail_recipient_refused");
    EXPECT_EQ(fate_of(settings, mail("r451@example.com")), "not_done");
    EXPECT_EQ(fate_of(settings, mail("d552@example.com")), "mail_content_refused");
    EXPECT_EQ(fate_of(settings, mail("d452@example.com")), "not_done");
}

TEST_F(SmtpMailers, does_not_know_what_became_of_a_mail_that_nobody_answered) {
    Settings settings = settings_for(server);
    settings.answers_within = 1s;
    EXPECT_EQ(fate_of(settings, mail("hang@example.com")), "unknown");
}

TEST_F(SmtpMailers, knows_that_nothing_was_sent_where_there_is_no_server) {
    Settings settings;
    {
        const MailServer gone("plain");
        settings = settings_for(gone);
    }
    EXPECT_EQ(fate_of(settings, mail()), "not_done");
    settings.host = "no-such-host.invalid";
    EXPECT_EQ(fate_of(settings, mail()), "not_done");
}

TEST_F(SmtpMailers, logs_in) {
    MailServer strict("auth");
    Settings settings = settings_for(strict);
    EXPECT_EQ(fate_of(settings, mail()), "not_done");
    settings.username = "shop";
    settings.password = Secret<std::string>("wrong");
    EXPECT_EQ(fate_of(settings, mail()), "not_done");
    settings.password = Secret<std::string>("pw");
    ASSERT_EQ(fate_of(settings, mail()), "accepted");
    EXPECT_TRUE(strict.next().login);
}

TEST_F(SmtpMailers, speaks_tls_with_those_it_trusts_only) {
    const Certificate good("127.0.0.1");
    const Certificate other("elsewhere.example");
    for (const Security security : {Security::starttls, Security::tls}) {
        const std::string mode = security == Security::tls ? "tls" : "starttls";
        MailServer secure(mode, &good);
        Settings settings = settings_for(secure);
        settings.security = security;
        EXPECT_EQ(fate_of(settings, mail()), "not_done")
            << mode << ": nobody signed for the server";
        settings.ca_file = good.path();
        ASSERT_EQ(fate_of(settings, mail()), "accepted") << mode;
        EXPECT_TRUE(secure.next().tls);
        MailServer misnamed(mode, &other);
        settings.port = misnamed.port();
        settings.ca_file = other.path();
        EXPECT_EQ(fate_of(settings, mail()), "not_done") << mode << ": another's name";
    }
}

TEST_F(SmtpMailers, says_nothing_in_the_clear_where_tls_is_wanted) {
    Settings settings = settings_for(server);
    settings.security = Security::starttls;
    EXPECT_EQ(fate_of(settings, mail()), "not_done");
}

Task<> send_all(
    SmtpMailer& mailer, std::vector<std::string>& fates, std::string to = "ada@example.com"
) {
    TaskGroup group([](const std::exception_ptr&) { ADD_FAILURE() << "a mail broke"; });
    for (std::string& fate : fates) group.spawn(send_one(mailer, mail(to), fate));
    co_await group.join();
}

TEST_F(SmtpMailers, keeps_its_connections_and_bounds_its_queue) {
    Settings settings = settings_for(server);
    settings.connections_max = 2;
    settings.waiting_max = 10;
    asio_runtime::AsioRuntime runtime;
    SmtpMailer mailer(runtime, settings);
    std::vector<std::string> fates(20);
    runtime.run(send_all(mailer, fates));
    EXPECT_EQ(std::ranges::count(fates, "accepted"), 12);
    EXPECT_EQ(std::ranges::count(fates, "not_done"), 8);
    std::set<std::int64_t> peers;
    for (int each = 0; each < 12; ++each) peers.insert(server.next().peer);
    EXPECT_LE(peers.size(), 2U);
}

TEST_F(SmtpMailers, sends_nothing_that_waited_for_too_long) {
    Settings settings = settings_for(server);
    settings.connections_max = 1;
    settings.answers_within = 300ms;
    settings.waits_within = 100ms;
    asio_runtime::AsioRuntime runtime;
    SmtpMailer mailer(runtime, settings);
    std::vector<std::string> fates(2);
    runtime.run(send_all(mailer, fates, "hang@example.com"));
    EXPECT_EQ(fates, (std::vector<std::string>{"unknown", "not_done"}));
}

} // namespace
} // namespace backline::smtp
