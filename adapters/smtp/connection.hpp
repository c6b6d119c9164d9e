#pragma once

#include "adapters/smtp/smtp_mailer.hpp"

#include <curl/curl.h>

#include <array>
#include <string>

namespace backline::smtp {

/// How one attempt to hand over a mail ended.
struct Attempt {
    enum class Kind {
        accepted,
        recipient_refused,
        content_refused,
        not_done,
        unknown
    } kind = Kind::not_done;
    std::string cause{}; ///< For the log; holds no address and no content.
};

/// One connection to the mail server, kept between mails. One thread at a time.
class SmtpMailer::Connection final {
public:
    explicit Connection(const Settings& settings);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    ~Connection() { curl_easy_cleanup(handle_); }

    Attempt send(const Mail& mail, const std::vector<std::string>& headers);

private:
    void set_up(const Settings& settings);
    void log_in(const Settings& settings);
    [[nodiscard]] Attempt outcome(CURLcode result) const;

    CURL* handle_ = nullptr;
    std::string from_;
    std::array<char, CURL_ERROR_SIZE> error_{};
};

} // namespace backline::smtp
