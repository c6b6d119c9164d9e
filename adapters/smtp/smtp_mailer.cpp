#include "adapters/smtp/smtp_mailer.hpp"

#include "adapters/smtp/connection.hpp"
#include "platform/base/invariant.hpp"

namespace backline::smtp {

namespace {

Result<void> read(const Attempt& attempt) {
    using enum Attempt::Kind;
    switch (attempt.kind) {
    case accepted:
        return {};
    case recipient_refused:
        return refuse(notifications::mail_error("mail_recipient_refused"), attempt.cause);
    case content_refused:
        return refuse(notifications::mail_error("mail_content_refused"), attempt.cause);
    case not_done:
        throw Unavailable(Unavailable::Outcome::not_done, attempt.cause, std::chrono::seconds(30));
    case unknown:
        throw Unavailable(Unavailable::Outcome::unknown, attempt.cause, std::chrono::seconds(30));
    }
    invariant_broken("attempt.kind", "every outcome has a meaning");
}

[[noreturn]] void refuse_to_wait() {
    throw Unavailable(Unavailable::Outcome::not_done, "too many mails wait for the mail server");
}

} // namespace

SmtpMailer::SmtpMailer(Runtime& runtime, Settings settings)
    : runtime_(runtime)
    , settings_(std::move(settings))
    , free_(runtime, settings_.connections_max) {
    INVARIANT(settings_.connections_max >= 1, "mail needs a connection");
    INVARIANT(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl starts");
    for (std::size_t each = 0; each < settings_.connections_max; ++each) {
        connections_.push_back(std::make_unique<Connection>(settings_));
    }
}

SmtpMailer::~SmtpMailer() = default;

/// Whoever waits for long is followed by somebody who thinks it dead, and the mail is sent twice.
Task<> SmtpMailer::take_connection() {
    if (free_.waiting() >= settings_.waiting_max) refuse_to_wait();
    const Monotonic latest = runtime_.now().monotonic + settings_.waits_within;
    co_await free_.take();
    if (runtime_.now().monotonic <= latest) co_return;
    free_.give_back();
    refuse_to_wait();
}

Task<Result<void>> SmtpMailer::send(Mail mail) {
    Result<std::vector<std::string>> headers =
        header_lines(mail, settings_.from, runtime_.now().utc);
    if (!headers) co_return std::unexpected(std::move(headers.error()));
    co_await take_connection();
    std::unique_ptr<Connection> connection = std::move(connections_.back());
    connections_.pop_back();
    auto work = [&connection, &mail, &headers] { return connection->send(mail, *headers); };
    const Attempt attempt = co_await offloaded(runtime_, std::move(work));
    connections_.push_back(std::move(connection));
    free_.give_back();
    co_return read(attempt);
}

} // namespace backline::smtp
