#include "apps/backline/outside.hpp"

#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/smtp/smtp_mailer.hpp"
#include "apps/backline/mail.hpp"

namespace backline::app {

Outside::Outside(asio_runtime::AsioRuntime& runtime, const Config& config, http::Client& client) {
    const std::string url = config.sandbox.url.text();
    if (url.empty()) {
        sandbox_ = std::make_unique<Sandbox>(runtime, config.data.text());
        provider_ = &sandbox_->provider();
        mailer_ = &sandbox_->mailbox();
    } else {
        remote_provider_ = std::make_unique<sandbox_pay::RemoteSandbox>(client, url);
        own_mailer_ = std::make_unique<mailbox::RemoteMailbox>(client, url);
        provider_ = remote_provider_.get();
        mailer_ = own_mailer_.get();
    }
    if (config.smtp.host.empty()) return;
    // A lane of its own: a mail server that hangs holds up mails and nothing else.
    own_mailer_ =
        std::make_unique<smtp::SmtpMailer>(runtime.add_lane("mail", 0), smtp_settings(config.smtp));
    mailer_ = own_mailer_.get();
}

} // namespace backline::app
