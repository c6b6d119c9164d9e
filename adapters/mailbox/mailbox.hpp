#pragma once

#include "adapters/mailbox/mail_file.hpp"
#include "adapters/mailbox/mail_ring.hpp"
#include "platform/async/runtime.hpp"
#include "platform/async/wait.hpp"

namespace backline::mailbox {

/// The mailer port over a ring of mails, which a file may keep over restarts. Keeps every mail once by its id, refuses
/// none, and answers when the mail is in the ring (and the file). Loop thread only; the file is written off the loop.
/// Runtime, ring and file outlive it.
class Mailbox final : public notifications::Mailer {
public:
    /// In memory only: tests and the simulator.
    Mailbox(Runtime& runtime, MailRing& ring) : Mailbox(runtime, ring, nullptr) {}

    /// `file` has been loaded into `ring`.
    Mailbox(Runtime& runtime, MailRing& ring, MailFile& file) : Mailbox(runtime, ring, &file) {}

    Task<Result<void>> send(Mail mail) override;

    /// What is kept, for the page and the API.
    [[nodiscard]] const MailRing& mails() const { return ring_; }

private:
    Mailbox(Runtime& runtime, MailRing& ring, MailFile* file)
        : runtime_(runtime)
        , ring_(ring)
        , file_(file)
        , pen_(runtime, 1) {}

    Task<> write(KeptMail mail);

    Runtime& runtime_;
    MailRing& ring_;
    MailFile* file_;
    Permits pen_;
};

} // namespace backline::mailbox
