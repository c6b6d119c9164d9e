#pragma once

#include "platform/async/task_group.hpp"
#include "services/notifications/mailer.hpp"
#include "tests/simulation/faults.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace backline::simulation {

/// The mail server, outside the shop: takes mails, loses replies, and remembers all that it ever took.
class MailServer final {
public:
    struct Taken {
        notifications::Mail first;
        std::uint64_t copies = 0;
        std::uint64_t replies_lost = 0;
    };

    MailServer(Runtime& outside, Fate& fate);
    ~MailServer();
    MailServer(const MailServer&) = delete;
    MailServer& operator=(const MailServer&) = delete;

    /// A wire to it for a process that has just started. The wire outlives the process.
    [[nodiscard]] notifications::Mailer& connect(Runtime& process);

    /// By the mail's id.
    [[nodiscard]] const std::map<std::string, Taken>& taken() const { return taken_; }

private:
    class Wire;

    Task<Result<void>> take(notifications::Mail mail);
    Task<> never_answer();

    Runtime& outside_;
    Fate& fate_;
    std::map<std::string, Taken> taken_;
    std::vector<std::unique_ptr<Wire>> wires_;
    TaskGroup calls_;
};

} // namespace backline::simulation
