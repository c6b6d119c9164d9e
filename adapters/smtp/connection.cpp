#include "adapters/smtp/connection.hpp"

#include "platform/base/invariant.hpp"

#include <string_view>

namespace backline::smtp {

namespace {

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct FreeMime {
    void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};

using List = std::unique_ptr<curl_slist, FreeList>;
using Mime = std::unique_ptr<curl_mime, FreeMime>;

List list_of(const std::vector<std::string>& lines) {
    List list;
    for (const std::string& line : lines) {
        curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
        INVARIANT(longer != nullptr, "there is memory for a header");
        std::ignore = list.release();
        list.reset(longer);
    }
    return list;
}

void add_part(curl_mime* mime, const std::string& content, const char* type) {
    curl_mimepart* const part = curl_mime_addpart(mime);
    curl_mime_data(part, content.data(), content.size());
    curl_mime_type(part, type);
    curl_mime_encoder(part, "base64");
}

/// Both renderings, the better one last (RFC 2046).
Mime body_of(CURL* handle, const Mail& mail) {
    Mime body(curl_mime_init(handle));
    Mime renderings(curl_mime_init(handle));
    add_part(renderings.get(), mail.text, "text/plain; charset=utf-8");
    if (!mail.html.empty()) add_part(renderings.get(), mail.html, "text/html; charset=utf-8");
    curl_mimepart* const part = curl_mime_addpart(body.get());
    curl_mime_subparts(part, renderings.release());
    curl_mime_type(part, "multipart/alternative");
    return body;
}

std::string url_of(const Settings& settings) {
    // What follows the slash is the name that we greet the server with.
    const std::string& address = settings.from.address.text();
    const std::string scheme = settings.security == Security::tls ? "smtps://" : "smtp://";
    return scheme + settings.host + ":" + std::to_string(settings.port) + "/" +
           address.substr(address.rfind('@') + 1);
}

} // namespace

SmtpMailer::Connection::Connection(const Settings& settings)
    : handle_(curl_easy_init())
    , from_("<" + settings.from.address.text() + ">") {
    INVARIANT(handle_ != nullptr, "libcurl starts");
    set_up(settings);
    if (!settings.username.empty()) log_in(settings);
}

void SmtpMailer::Connection::set_up(const Settings& settings) {
    curl_easy_setopt(handle_, CURLOPT_URL, url_of(settings).c_str());
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_PROXY, "");
    curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, error_.data());
    curl_easy_setopt(handle_, CURLOPT_MAIL_FROM, from_.c_str());
    curl_easy_setopt(
        handle_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connects_within.count())
    );
    curl_easy_setopt(
        handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(settings.answers_within.count())
    );
    curl_easy_setopt(
        handle_,
        CURLOPT_SERVER_RESPONSE_TIMEOUT,
        static_cast<long>(settings.answers_within.count() / 1000 + 1)
    );
    const bool secure = settings.security != Security::none;
    curl_easy_setopt(
        handle_, CURLOPT_USE_SSL, static_cast<long>(secure ? CURLUSESSL_ALL : CURLUSESSL_NONE)
    );
    curl_easy_setopt(handle_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!settings.ca_file.empty()) {
        curl_easy_setopt(handle_, CURLOPT_CAINFO, settings.ca_file.c_str());
    }
}

void SmtpMailer::Connection::log_in(const Settings& settings) {
    curl_easy_setopt(handle_, CURLOPT_USERNAME, settings.username.c_str());
    curl_easy_setopt(handle_, CURLOPT_PASSWORD, settings.password.reveal().c_str());
}

Attempt SmtpMailer::Connection::send(const Mail& mail, const std::vector<std::string>& headers) {
    const List header_list = list_of(headers);
    const List recipients = list_of({"<" + mail.to.text() + ">"});
    const Mime body = body_of(handle_, mail);
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, header_list.get());
    curl_easy_setopt(handle_, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(handle_, CURLOPT_MIMEPOST, body.get());
    error_[0] = '\0';
    const CURLcode result = curl_easy_perform(handle_);
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, nullptr);
    curl_easy_setopt(handle_, CURLOPT_MAIL_RCPT, nullptr);
    curl_easy_setopt(handle_, CURLOPT_MIMEPOST, nullptr);
    return outcome(result);
}

Attempt SmtpMailer::Connection::outcome(CURLcode result) const {
    using enum Attempt::Kind;
    if (result == CURLE_OK) return {accepted};
    long reply = 0;
    curl_off_t uploaded = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &reply);
    curl_easy_getinfo(handle_, CURLINFO_SIZE_UPLOAD_T, &uploaded);
    const std::string cause = std::string("the mail server: ") + curl_easy_strerror(result) +
                              (reply > 0 ? " (reply " + std::to_string(reply) + ")" : "");
    // 50x says that we do not speak its language or have not logged in: not this mail's fault.
    const bool permanent = reply >= 550 && reply < 560;
    // libcurl tells which command failed in no other way.
    if (permanent && std::string_view(error_.data()).starts_with("RCPT failed")) {
        return {recipient_refused, cause};
    }
    const bool content_sent = uploaded > 0;
    const bool answered = result == CURLE_WEIRD_SERVER_REPLY || result == CURLE_SEND_ERROR;
    if (content_sent && answered && permanent) return {content_refused, cause};
    if (content_sent && answered && reply >= 400) return {not_done, cause};
    return {content_sent ? unknown : not_done, cause};
}

} // namespace backline::smtp
