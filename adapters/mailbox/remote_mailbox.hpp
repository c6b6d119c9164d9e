#pragma once

#include "platform/http/client.hpp"
#include "services/notifications/mailer.hpp"

#include <string>

namespace backline::mailbox {

/// The mailer port on the mailbox of a sandbox that runs in a process of its own (`backline sandbox`). The mailbox
/// keeps every mail once by its id. Loop thread only. The client outlives it.
class RemoteMailbox final : public notifications::Mailer {
public:
    /// `url` is the sandbox's own address, such as `http://127.0.0.1:8090`.
    RemoteMailbox(http::Client& client, std::string url) : client_(client), url_(std::move(url)) {}

    Task<Result<void>> send(notifications::Mail mail) override;

private:
    http::Client& client_;
    std::string url_;
};

} // namespace backline::mailbox
