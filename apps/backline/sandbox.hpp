#pragma once

#include "adapters/mailbox/mail_file.hpp"
#include "adapters/mailbox/mail_ring.hpp"
#include "adapters/mailbox/mailbox.hpp"
#include "adapters/sandbox_pay/file_ledger.hpp"
#include "adapters/sandbox_pay/sandbox_pay.hpp"
#include "adapters/sandbox_pay/wire.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"

#include <boost/describe/class.hpp>

#include <array>
#include <filesystem>

/// What stands for the outside world in a demo: a payment provider that keeps books, and a mailbox that keeps mails.
/// The embedded shop has them in its own process; the services of a split shop share one, `backline sandbox`.
namespace backline::app {

/// The refusals of the sandbox's own routes.
inline constexpr std::array sandbox_refusals{Refusal{
    .code = "call_contradictory",
    .status = 409,
    .title = "The call contradicts an earlier one, or itself.",
    .meaning =
        "A key names one call, and a payment is over one amount above zero. The caller has a bug."
}};

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

/// Loop thread only.
class Sandbox final {
public:
    /// Its files lie in `directory`, which exists. Throws `std::runtime_error` if they cannot be used.
    Sandbox(Runtime& runtime, const std::filesystem::path& directory);

    [[nodiscard]] sandbox_pay::SandboxPay& provider() { return provider_; }

    [[nodiscard]] mailbox::Mailbox& mailbox() { return mailbox_; }

    /// What everybody may look at in a demo.
    [[nodiscard]] http::Routes pages();

    /// What the services of a split shop call. Whoever reaches these can move money, so they are served on the
    /// sandbox's own address only.
    [[nodiscard]] http::Routes calls();

private:
    Task<http::Html> mailbox_page(http::Context& ctx);
    Task<MailList> mail_list(http::Context& ctx, http::Query<ListMails> query);
    Task<LedgerRows> ledger(http::Context& ctx, http::Query<ListRows> query);
    Task<sandbox_pay::CallAnswer> call(http::Context& ctx, sandbox_pay::CallRequest body);
    Task<http::NoContent> keep(http::Context& ctx, notifications::Mail body);

    sandbox_pay::FileLedger ledger_;
    sandbox_pay::SandboxPay provider_;
    mailbox::MailFile mail_file_;
    mailbox::MailRing mails_;
    mailbox::Mailbox mailbox_;
};

} // namespace backline::app
