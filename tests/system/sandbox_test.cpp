// At stake: payment services in several processes share one provider; what they hear of it must be what it did.
// How: the remote provider and the remote mailbox against the routes of a real sandbox, in one process on virtual time.
#include "adapters/mailbox/remote_mailbox.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "adapters/sandbox_pay/remote_sandbox.hpp"
#include "apps/backline/doors.hpp"
#include "apps/backline/sandbox.hpp"
#include "platform/http/router_client.hpp"
#include "tests/http/fakes.hpp"
#include "tests/support/folder.hpp"

#include <gtest/gtest.h>

namespace backline::system_tests {
namespace {

using payments::ProviderCall;
using payments::ProviderOperation;
using payments::ProviderPayment;
using payments::ProviderStatus;

const payments::PaymentId payment = payments::PaymentId::from_parts({}, 1, 1);

struct RemoteSandbox : testing::Test {
    tests::Folder folder;
    memory::VirtualLoop loop{1};
    memory::VirtualRuntime runtime{loop};
    app::Sandbox sandbox{runtime, folder.path};
    app::NoTokens nobody;
    http_tests::LinesLog log;
    observe::Metrics metrics;
    http::Router router{runtime, nobody, log, metrics, {}};
    http::RouterClient client{router};
    sandbox_pay::RemoteSandbox provider{client, ""};
    mailbox::RemoteMailbox mailbox{client, ""};

    RemoteSandbox() {
        router.add(sandbox.calls());
        router.add(sandbox.pages());
    }

    ProviderPayment create(std::string_view token) {
        return call({
            .operation = ProviderOperation::create,
            .key = decltype(ProviderCall::key)::of("one/create"),
            .payment = payment,
            .amount = {5000, Currency("EUR")},
            .token = orders::PaymentToken::of(token),
        });
    }

    ProviderPayment authorise(const ProviderPayment& created) {
        return call({
            .operation = ProviderOperation::authorise,
            .key = decltype(ProviderCall::key)::of("one/authorise"),
            .payment = payment,
            .id = created.id,
            .amount = {5000, Currency("EUR")},
        });
    }

    ProviderPayment query(const ProviderPayment& known) {
        return call({.payment = payment, .id = known.id, .amount = {5000, Currency("EUR")}});
    }

    ProviderPayment call(ProviderCall call) {
        return memory::run(loop, provider.call(std::move(call)));
    }

    std::size_t rows() { return memory::run(loop, sandbox.provider().ledger(0, 100)).size(); }
};

TEST_F(RemoteSandbox, does_what_the_provider_does) {
    const ProviderPayment created = create("tok_ok");
    EXPECT_EQ(created.status, ProviderStatus::created);
    EXPECT_EQ(authorise(created).status, ProviderStatus::authorised);
    EXPECT_EQ(authorise(created).authorised.amount, 5000);
    EXPECT_EQ(query(created).status, ProviderStatus::authorised);
    EXPECT_EQ(rows(), 2U);
}

Unavailable::Outcome outcome_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const Unavailable& failure) {
        return failure.outcome();
    }
    ADD_FAILURE() << "it did not fail";
    return {};
}

TEST_F(RemoteSandbox, says_unknown_where_the_provider_took_the_money_and_fell_silent) {
    const ProviderPayment created = create("tok_timeout_after_charge");
    EXPECT_EQ(outcome_of([&] { authorise(created); }), Unavailable::Outcome::unknown);
    EXPECT_EQ(query(created).status, ProviderStatus::authorised);
}

TEST_F(RemoteSandbox, says_not_done_where_the_provider_is_out_of_order) {
    const ProviderPayment created = create("tok_unavailable");
    EXPECT_EQ(outcome_of([&] { authorise(created); }), Unavailable::Outcome::not_done);
}

TEST_F(RemoteSandbox, passes_on_why_a_card_was_declined) {
    const ProviderPayment declined = authorise(create("tok_insufficient_funds"));
    EXPECT_EQ(declined.status, ProviderStatus::declined);
    EXPECT_EQ(declined.declined_for, payments::DeclineReason::insufficient_funds);
}

TEST_F(RemoteSandbox, keeps_a_mail_once) {
    const notifications::Mail mail{
        notifications::MailId::of("ntf_1"),
        Email::of("ada@example.com"),
        notifications::MailSubject::of("Your order"),
        "Thank you.",
        "<p>Thank you.</p>"
    };
    for (int i = 0; i < 2; ++i) {
        EXPECT_TRUE(memory::run(loop, mailbox.send(mail)).has_value());
    }
    const std::vector<mailbox::KeptMail> kept = sandbox.mailbox().mails().newest(10);
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].subject.text(), "Your order");
    EXPECT_EQ(kept[0].html, mail.html);
}

TEST_F(RemoteSandbox, refuses_a_call_that_contradicts_what_it_knows) {
    const ProviderPayment created = create("tok_ok");
    http::ClientRequest other{.url = "/calls", .method = http::Method::post};
    other.body = R"({"operation":"create","key":"one/create","payment":")" + payment.text() +
                 R"(","amount":{"amount":1,"currency":"EUR"},"token":"tok_ok"})";
    EXPECT_EQ(memory::run(loop, client.send(std::move(other))).status, 409);
    EXPECT_EQ(query(created).amount.amount, 5000);
}

TEST_F(RemoteSandbox, takes_no_call_that_it_cannot_read) {
    http::ClientRequest request{.url = "/calls", .method = http::Method::post, .body = "{}"};
    EXPECT_EQ(memory::run(loop, client.send(std::move(request))).status, 422);
    EXPECT_EQ(rows(), 0U);
}

} // namespace
} // namespace backline::system_tests
