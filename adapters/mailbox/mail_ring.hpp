#pragma once

#include "platform/base/time.hpp"
#include "services/notifications/mailer.hpp"

#include <boost/describe/class.hpp>

#include <cstddef>
#include <deque>
#include <vector>

/// A mailer that carries nothing anywhere: it keeps the mails, for people to read in the browser and for tests to ask.
namespace backline::mailbox {

using notifications::Mail;
using notifications::MailId;

/// A mail as the mailbox keeps it: what `/mailbox` shows.
struct KeptMail {
    MailId id;
    Email to;
    notifications::MailSubject subject;
    std::string text;
    std::string html;
    Instant sent_at;

    bool operator==(const KeptMail&) const = default;
};
BOOST_DESCRIBE_STRUCT(KeptMail, (), (id, to, subject, text, html, sent_at))

/// The newest mails, a bounded number. Plain and synchronous; outlives the `Mailbox` that fills it. One thread.
class MailRing final {
public:
    explicit MailRing(std::size_t count_max = 1000);

    /// Forgets the oldest when there are too many. The caller has looked whether the id is there already.
    void add(KeptMail mail);

    /// The mail, or null. Valid until the next `add`.
    [[nodiscard]] const KeptMail* find(const MailId& id) const;

    /// At most `limit` mails, newest first, to `to` if it is given.
    [[nodiscard]] std::vector<KeptMail> newest(
        std::size_t limit, const std::optional<Email>& to = std::nullopt
    ) const;

    [[nodiscard]] std::size_t count() const { return mails_.size(); }

    [[nodiscard]] std::size_t count_max() const { return count_max_; }

private:
    std::size_t count_max_;
    std::deque<KeptMail> mails_; ///< Oldest first.
};

} // namespace backline::mailbox
