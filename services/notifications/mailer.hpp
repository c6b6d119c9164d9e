#pragma once

#include "platform/async/task.hpp"
#include "platform/base/problem.hpp"
#include "platform/base/text.hpp"

#include <boost/describe/class.hpp>

#include <array>
#include <string>
#include <string_view>

/// The port to whoever carries e-mail: a mail server, or the mailbox that a developer reads in the browser. The only
/// header of this service that an adapter includes.
namespace backline::notifications {

/// Names one mail for ever: the notification's id. Two mails with one id are one mail.
using MailId = Text<1, 200>;

/// One line.
using MailSubject = Text<1, 200>;

/// A mail that is ready to go, in two renderings of the same content. Personal data: never logged.
struct Mail {
    MailId id;
    Email to;
    MailSubject subject;
    std::string text;
    std::string html;

    bool operator==(const Mail&) const = default;
};
BOOST_DESCRIBE_STRUCT(Mail, (), (id, to, subject, text, html))

/// Why a mail will never be carried, however often it is tried. For the notification's record, not for HTTP callers.
inline constexpr std::array mail_refusals{
    Refusal{
        .code = "mail_recipient_refused",
        .status = 422,
        .title = "The mail server does not take mail for this address.",
        .meaning = "The address does not exist or does not want mail. Ask the customer for another."
    },
    Refusal{
        .code = "mail_content_refused",
        .status = 422,
        .title = "The mail itself was refused.",
        .meaning = "Its template makes a mail that the server does not take, or that is none."
    },
};

/// `refuse(mail_error("mail_recipient_refused"), ...)`.
consteval const Refusal& mail_error(std::string_view code) {
    return find_refusal(mail_refusals, code);
}

/// Carries mails, one at a time or several at once. Loop thread only.
class Mailer {
public:
    Mailer() = default;
    Mailer(const Mailer&) = delete;
    Mailer& operator=(const Mailer&) = delete;
    virtual ~Mailer() = default;

    /// Hands the mail over for good, within 50 seconds: the other side has it durably, or refuses it for good (see
    /// `mail_refusals`; the detail holds no address). Throws `Unavailable`: `not_done` when it certainly was not handed
    /// over, `unknown` when it may have been. Sending again after `unknown` may show the reader the mail twice, where
    /// the other side does not look at the id; that is better than not at all.
    virtual Task<Result<void>> send(Mail mail) = 0;
};

} // namespace backline::notifications
