#include "adapters/mailbox/mailbox.hpp"

#include <stdexcept>

namespace backline::mailbox {

namespace {

constexpr std::size_t waiting_max = 1000;

/// Why it failed; empty if it did not.
std::string appended(MailFile& file, const KeptMail& mail, std::size_t lines_max) {
    try {
        file.append(mail, lines_max);
        return {};
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
}

} // namespace

Task<Result<void>> Mailbox::send(Mail mail) {
    if (pen_.waiting() >= waiting_max) {
        throw Unavailable(Unavailable::Outcome::not_done, "too many mails wait for the mailbox");
    }
    co_await turn(runtime_);
    KeptMail kept{
        .id = std::move(mail.id),
        .to = std::move(mail.to),
        .subject = std::move(mail.subject),
        .text = std::move(mail.text),
        .html = std::move(mail.html),
        .sent_at = runtime_.now().utc,
    };
    if (file_ != nullptr) {
        co_await write(std::move(kept));
    } else if (ring_.find(kept.id) == nullptr) {
        ring_.add(std::move(kept));
    }
    co_return Result<void>();
}

Task<> Mailbox::write(KeptMail mail) {
    co_await pen_.take();
    std::string failure;
    // Looked for only now: the same mail may have been under way.
    if (ring_.find(mail.id) == nullptr) {
        auto work = [file = file_, mail, lines_max = ring_.count_max()] {
            return appended(*file, mail, lines_max);
        };
        failure = co_await offloaded(runtime_, std::move(work));
        if (failure.empty()) ring_.add(std::move(mail));
    }
    pen_.give_back();
    if (!failure.empty()) throw Unavailable(Unavailable::Outcome::not_done, failure);
}

} // namespace backline::mailbox
