#pragma once

#include "adapters/mailbox/remote_mailbox.hpp"
#include "adapters/sandbox_pay/remote_sandbox.hpp"
#include "apps/backline/config.hpp"
#include "apps/backline/sandbox.hpp"

#include <memory>

namespace backline::asio_runtime {
class AsioRuntime;
}

namespace backline::app {

/// Who moves money and who carries mails for this process, by its configuration: the sandbox in its own process or one
/// that it shares with others, and a mail server where there is one.
class Outside final {
public:
    /// `client` outlives it. Throws with one sentence if something cannot be used.
    Outside(asio_runtime::AsioRuntime& runtime, const Config& config, http::Client& client);

    [[nodiscard]] payments::Provider& provider() { return *provider_; }

    [[nodiscard]] notifications::Mailer& mailer() { return *mailer_; }

    /// The sandbox in this process; null where it is elsewhere.
    [[nodiscard]] Sandbox* sandbox() { return sandbox_.get(); }

private:
    std::unique_ptr<Sandbox> sandbox_;
    std::unique_ptr<sandbox_pay::RemoteSandbox> remote_provider_;
    std::unique_ptr<notifications::Mailer> own_mailer_;
    payments::Provider* provider_ = nullptr;
    notifications::Mailer* mailer_ = nullptr;
};

} // namespace backline::app
