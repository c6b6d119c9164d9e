#pragma once

#include "adapters/mailbox/mail_ring.hpp"

#include <string>

namespace backline::mailbox {

/// Where a mailbox's mails survive a restart: one JSON object per line, appended. Survives `kill -9`; a power failure
/// may take the last seconds, which is enough for a mailbox of the sandbox. Bounded: when the file holds as many mails
/// as the ring, it becomes `<path>.1` (in place of the one before) and a new one begins. One process at a time.
class MailFile final {
public:
    /// The folder of `path` exists.
    explicit MailFile(std::string path) : path_(std::move(path)) {}

    /// Fills the ring with what is there, oldest first. A line that cannot be read (torn by a crash) is passed over.
    /// Throws `std::runtime_error` with a sentence for the operator.
    void load(MailRing& ring);

    /// Throws `std::runtime_error`. Any thread, one call at a time.
    void append(const KeptMail& mail, std::size_t lines_max);

private:
    std::size_t load_one(const std::string& path, MailRing& ring);
    void rotate();

    std::string path_;
    std::size_t lines_ = 0; ///< In the newer of the two files.
};

} // namespace backline::mailbox
