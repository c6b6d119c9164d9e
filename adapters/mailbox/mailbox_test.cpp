// At stake: the mail that proves to a customer, a developer or a test what the shop said.
// Method: the mailer's promises over the mailbox, in memory and over files that are torn, rotated and opened again.
#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/mailbox/mailbox.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "platform/async/task_group.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace backline::mailbox {
namespace {

Mail mail(int number, std::string_view to = "ada@example.com") {
    return {
        .id = MailId::of("ntf_" + std::to_string(number)),
        .to = Email::of(to),
        .subject = notifications::MailSubject::of("Mail " + std::to_string(number)),
        .text = "Grüße,\n\"quoted\" \\ and \t tabbed",
        .html = "<p>Grüße</p>\n",
    };
}

struct Mailboxes : testing::Test {
    std::filesystem::path folder;
    std::string path;
    memory::VirtualLoop loop{1};
    memory::VirtualRuntime runtime{loop};

    Mailboxes() {
        std::string made = testing::TempDir() + "backline-mail-XXXXXX";
        folder = ::mkdtemp(made.data());
        path = folder / "mailbox.jsonl";
    }

    ~Mailboxes() override { std::filesystem::remove_all(folder); }

    void send(Mailbox& mailbox, Mail sent) {
        const Result<void> answer = memory::run(loop, mailbox.send(std::move(sent)));
        EXPECT_TRUE(answer.has_value());
    }

    /// The numbers of the mails that a new program finds, newest first.
    [[nodiscard]] std::vector<std::string> found(std::size_t count_max = 1000) const {
        MailRing ring(count_max);
        MailFile file(path);
        file.load(ring);
        std::vector<std::string> ids;
        for (const KeptMail& each : ring.newest(1000)) ids.push_back(each.id.text().substr(4));
        return ids;
    }
};

using Ids = std::vector<std::string>;

TEST_F(Mailboxes, keep_a_mail_as_it_was_sent) {
    MailRing ring;
    Mailbox mailbox(runtime, ring);
    send(mailbox, mail(1));
    const KeptMail* const kept = mailbox.mails().find(mail(1).id);
    ASSERT_NE(kept, nullptr);
    EXPECT_EQ(kept->to, mail(1).to);
    EXPECT_EQ(kept->subject, mail(1).subject);
    EXPECT_EQ(kept->text, mail(1).text);
    EXPECT_EQ(kept->html, mail(1).html);
    EXPECT_EQ(kept->sent_at, loop.now().utc);
    EXPECT_EQ(mailbox.mails().find(mail(2).id), nullptr);
}

TEST_F(Mailboxes, keep_a_mail_once) {
    MailRing ring;
    Mailbox mailbox(runtime, ring);
    for (int each = 0; each < 3; ++each) send(mailbox, mail(1));
    EXPECT_EQ(ring.count(), 1U);
}

TEST_F(Mailboxes, list_the_newest_first_and_those_of_one_address) {
    MailRing ring(3);
    Mailbox mailbox(runtime, ring);
    send(mailbox, mail(1));
    send(mailbox, mail(2));
    send(mailbox, mail(3, "bob@example.com"));
    send(mailbox, mail(4, "ADA@example.com"));
    EXPECT_EQ(ring.count(), 3U);
    EXPECT_EQ(ring.newest(10).front().id, mail(4).id);
    EXPECT_EQ(ring.newest(2).size(), 2U);
    const std::vector<KeptMail> hers = ring.newest(10, Email::of("ada@example.com"));
    ASSERT_EQ(hers.size(), 2U);
    EXPECT_EQ(hers.back().id, mail(2).id);
}

TEST_F(Mailboxes, survive_a_restart) {
    MailRing ring;
    MailFile file(path);
    file.load(ring);
    Mailbox mailbox(runtime, ring, file);
    for (const int each : {1, 2, 2, 3}) send(mailbox, mail(each));
    MailRing again;
    MailFile(path).load(again);
    EXPECT_EQ(again.newest(10), ring.newest(10));
    EXPECT_EQ(again.count(), 3U);
}

TEST_F(Mailboxes, lose_nothing_but_a_torn_line) {
    {
        MailRing ring;
        MailFile file(path);
        file.load(ring);
        Mailbox mailbox(runtime, ring, file);
        send(mailbox, mail(1));
    }
    std::ofstream(path, std::ios::app) << "\n{\"id\":\"ntf_2\",\"to\":\"ad";
    {
        MailRing ring;
        MailFile file(path);
        file.load(ring);
        Mailbox mailbox(runtime, ring, file);
        send(mailbox, mail(3));
    }
    EXPECT_EQ(found(), (Ids{"3", "1"}));
}

TEST_F(Mailboxes, are_bounded_on_disk_too) {
    for (int start = 0; start < 2; ++start) {
        MailRing ring(10);
        MailFile file(path);
        file.load(ring);
        Mailbox mailbox(runtime, ring, file);
        for (int each = 0; each < 48; ++each) send(mailbox, mail(start * 48 + each));
    }
    EXPECT_EQ(found(10), (Ids{"95", "94", "93", "92", "91", "90", "89", "88", "87", "86"}));
    EXPECT_LE(found(1000).size(), 20U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 2);
}

TEST_F(Mailboxes, that_cannot_write_say_so) {
    MailRing ring;
    MailFile file(folder / "missing" / "mailbox.jsonl");
    Mailbox mailbox(runtime, ring, file);
    try {
        std::ignore = memory::run(loop, mailbox.send(mail(1)));
        FAIL() << "kept a mail nowhere";
    } catch (const Unavailable& failure) {
        EXPECT_EQ(failure.outcome(), Unavailable::Outcome::not_done);
    }
    EXPECT_EQ(ring.count(), 0U);
}

Task<> send_one(Mailbox& mailbox, Mail sent) {
    const Result<void> answer = co_await mailbox.send(std::move(sent));
    EXPECT_TRUE(answer.has_value());
}

Task<> send_each_twice(Mailbox& mailbox) {
    TaskGroup group([](const std::exception_ptr&) { ADD_FAILURE() << "a mail was lost"; });
    for (int each = 0; each < 200; ++each) group.spawn(send_one(mailbox, mail(each / 2)));
    co_await group.join();
}

TEST_F(Mailboxes, keep_mails_that_come_at_once_in_order_and_once) {
    asio_runtime::AsioRuntime real;
    MailRing ring;
    MailFile file(path);
    Mailbox mailbox(real, ring, file);
    real.run(send_each_twice(mailbox));
    EXPECT_EQ(ring.count(), 100U);
    EXPECT_EQ(found().size(), 100U);
    EXPECT_EQ(found().back(), "0");
}

} // namespace
} // namespace backline::mailbox
