#pragma once

#include "adapters/smtp/message.hpp"
#include "platform/async/runtime.hpp"
#include "platform/async/wait.hpp"
#include "platform/base/secret.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace backline::smtp {

enum class Security : std::uint8_t {
    none,     ///< In the clear: to a server on this machine, or in tests.
    starttls, ///< Begins in the clear and must become TLS before anything is said.
    tls,      ///< TLS from the first byte (port 465).
};
BOOST_DESCRIBE_ENUM(Security, none, starttls, tls)

struct Settings {
    std::string host;
    std::uint16_t port = 587;
    Security security = Security::starttls;
    std::string username; ///< Empty: no login.
    Secret<std::string> password;
    Sender from;
    std::string ca_file; ///< Whom to trust; empty: whom the system trusts.
    Duration connects_within = std::chrono::seconds(5);
    Duration answers_within =
        std::chrono::seconds(20); ///< For one mail as a whole; parting may take as long again.
    std::size_t connections_max = 4;
    std::size_t waiting_max = 200; ///< Mails waiting for a connection; more are `not_done`.
    Duration waits_within = std::chrono::seconds(5); ///< One that waited longer is `not_done`, too.
};

/// The mailer port over a mail server (SMTP through libcurl). Connections are kept and used again. Certificates and
/// host names are checked, always. Every attempt runs off the loop.
///
/// A 5xx for the recipient is `mail_recipient_refused`, one for the content `mail_content_refused`; everything else
/// that fails is the server's or the configuration's fault, and `Unavailable`: `unknown` from the moment that the
/// content may have reached the server. Loop thread only; the runtime outlives it.
class SmtpMailer final : public notifications::Mailer {
public:
    SmtpMailer(Runtime& runtime, Settings settings);
    ~SmtpMailer() override;

    Task<Result<void>> send(Mail mail) override;

private:
    class Connection;

    Task<> take_connection();

    Runtime& runtime_;
    Settings settings_;
    Permits free_;
    std::vector<std::unique_ptr<Connection>> connections_; ///< Those not in use.
};

} // namespace backline::smtp
