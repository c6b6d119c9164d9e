#pragma once

#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/notifications/mailer.hpp"

#include <string>
#include <vector>

/// Sends mail to a real mail server.
namespace backline::smtp {

using notifications::Mail;

/// Who the shop's mails come from.
struct Sender {
    Email address;
    Text<0, 100> name; ///< As people see it; may be empty.
};

/// The header lines of a mail (RFC 5322), without line ends: From, To, Subject, Date, Message-ID. Everything that is
/// not plain ASCII becomes encoded words (RFC 2047), and no line is longer than 78 characters where that can be helped.
///
/// Refuses `mail_content_refused` when a value holds a control character: that is how headers are smuggled in.
[[nodiscard]] Result<std::vector<std::string>> header_lines(
    const Mail& mail, const Sender& from, Instant now
);

/// `text` in encoded words of at most 75 characters, folded; as it is where it is plain ASCII.
[[nodiscard]] std::string encoded_words(std::string_view text);

/// `Tue, 14 Nov 2023 22:13:20 +0000`
[[nodiscard]] std::string mail_date(Instant instant);

} // namespace backline::smtp
