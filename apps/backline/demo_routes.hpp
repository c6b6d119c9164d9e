#pragma once

#include "adapters/mailbox/mail_ring.hpp"
#include "adapters/sandbox_pay/sandbox_pay.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"

#include <boost/describe/class.hpp>

/// Pages that exist in a demo only: the mails that the shop sent, and the sandbox provider's own books.
namespace backline::app {

struct ListMails {
    std::optional<Email> to;
    std::optional<Bounded<int, 1, 1000>> limit;
};
BOOST_DESCRIBE_STRUCT(ListMails, (), (to, limit))

struct MailList {
    std::vector<mailbox::KeptMail> mails; ///< Newest first.
};
BOOST_DESCRIBE_STRUCT(MailList, (), (mails))

struct ListRows {
    std::optional<Bounded<std::int64_t, 0, 9'000'000'000'000>> after;
};
BOOST_DESCRIBE_STRUCT(ListRows, (), (after))

struct LedgerRows {
    std::vector<sandbox_pay::LedgerRow> rows; ///< At most 1,000.
};
BOOST_DESCRIBE_STRUCT(LedgerRows, (), (rows))

class DemoRoutes final {
public:
    DemoRoutes(const mailbox::MailRing& mails, sandbox_pay::SandboxPay& provider)
        : mails_(mails)
        , provider_(provider) {}

    [[nodiscard]] http::Routes routes();

private:
    Task<http::Html> mailbox_page(http::Context& ctx);
    Task<MailList> mail_list(http::Context& ctx, http::Query<ListMails> query);
    Task<LedgerRows> ledger(http::Context& ctx, http::Query<ListRows> query);

    const mailbox::MailRing& mails_;
    sandbox_pay::SandboxPay& provider_;
};

} // namespace backline::app
