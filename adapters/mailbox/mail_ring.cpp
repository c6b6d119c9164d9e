#include "adapters/mailbox/mail_ring.hpp"

#include "platform/base/invariant.hpp"

#include <algorithm>

namespace backline::mailbox {

MailRing::MailRing(std::size_t count_max) : count_max_(count_max) {
    INVARIANT(count_max >= 1, "a mailbox keeps one mail at least");
}

void MailRing::add(KeptMail mail) {
    if (mails_.size() >= count_max_) mails_.pop_front();
    mails_.push_back(std::move(mail));
}

const KeptMail* MailRing::find(const MailId& id) const {
    const auto found = std::ranges::find(mails_, id, &KeptMail::id);
    return found == mails_.end() ? nullptr : &*found;
}

std::vector<KeptMail> MailRing::newest(std::size_t limit, const std::optional<Email>& to) const {
    std::vector<KeptMail> chosen;
    for (auto mail = mails_.rbegin(); mail != mails_.rend() && chosen.size() < limit; ++mail) {
        if (!to || email_key(mail->to) == email_key(*to)) chosen.push_back(*mail);
    }
    return chosen;
}

} // namespace backline::mailbox
