#include "adapters/curl/curl_client.hpp"

#include "platform/async/wait.hpp"
#include "platform/base/problem.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>

namespace backline::curl {

namespace {

using Handle = std::unique_ptr<CURL, void (*)(CURL*)>;
using Fields = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

struct Body {
    std::string text{};
    std::size_t bytes_max = 0;
};

/// Anything but `size * count` ends the transfer.
std::size_t keep(char* data, std::size_t size, std::size_t count, void* target) {
    auto& body = *static_cast<Body*>(target);
    const std::size_t bytes = size * count;
    if (body.text.size() + bytes > body.bytes_max) return 0;
    body.text.append(data, bytes);
    return bytes;
}

void add(Fields& fields, const std::string& line) {
    curl_slist* longer = curl_slist_append(fields.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    if (!fields) fields.reset(longer); // Otherwise it is the same list.
}

Fields fields_of(const http::ClientRequest& request) {
    Fields fields(nullptr, curl_slist_free_all);
    for (const http::Headers::Field& field : request.headers) {
        add(fields, field.name + ": " + field.value);
    }
    const bool typed = request.headers.has("Content-Type");
    if (!request.body.empty() && !typed) add(fields, "Content-Type: application/json");
    add(fields, "Expect:"); // No pause for a 100 that few servers send.
    return fields;
}

/// True if the failure came before anything was sent.
bool before_sending(CURLcode failure) {
    constexpr std::array early{
        CURLE_UNSUPPORTED_PROTOCOL,
        CURLE_URL_MALFORMAT,
        CURLE_COULDNT_RESOLVE_HOST,
        CURLE_COULDNT_CONNECT,
        CURLE_PEER_FAILED_VERIFICATION,
        CURLE_SSL_CONNECT_ERROR
    };
    return std::ranges::find(early, failure) != early.end();
}

void prepare(CURL* curl, const http::ClientRequest& request, const Settings& settings) {
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, settings.connect_within.count());
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, request.within.count());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    if (!settings.ca_file.empty()) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, settings.ca_file.c_str());
    }
    const std::string method(http::name_of(request.method));
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str()); // libcurl copies it.
    if (request.method == http::Method::get) return;
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
}

http::ClientAnswer perform(
    CURL* curl, const http::ClientRequest& request, const Settings& settings
) {
    using Outcome = Unavailable::Outcome;
    Body body{{}, settings.answer_bytes_max};
    const Fields fields = fields_of(request);
    curl_easy_reset(curl);
    prepare(curl, request, settings);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields.get());
    if (const CURLcode failure = curl_easy_perform(curl); failure != CURLE_OK) {
        const bool unsent = before_sending(failure);
        throw Unavailable(
            unsent ? Outcome::not_done : Outcome::unknown,
            "nobody answers at " + request.url + ": " + curl_easy_strerror(failure)
        );
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return {static_cast<int>(status), std::move(body.text)};
}

Handle new_handle() {
    Handle handle(curl_easy_init(), curl_easy_cleanup);
    if (!handle) throw std::bad_alloc();
    return handle;
}

} // namespace

/// Handles that rest between calls, each with its open connections. Any thread.
class CurlClient::Handles final {
public:
    http::ClientAnswer send(const http::ClientRequest& request, const Settings& settings) {
        Handle handle = take();
        http::ClientAnswer answer = perform(handle.get(), request, settings);
        const std::lock_guard lock(mutex_);
        resting_.push_back(std::move(handle));
        return answer;
    }

private:
    Handle take() {
        const std::lock_guard lock(mutex_);
        if (resting_.empty()) return new_handle();
        Handle handle = std::move(resting_.back());
        resting_.pop_back();
        return handle;
    }

    std::mutex mutex_;
    std::vector<Handle> resting_;
};

CurlClient::CurlClient(Runtime& lane, Settings settings)
    : lane_(lane)
    , settings_(std::move(settings))
    , handles_(std::make_shared<Handles>()) {}

CurlClient::~CurlClient() = default;

Task<http::ClientAnswer> CurlClient::send(http::ClientRequest request) {
    auto blocking = [handles = handles_, settings = settings_, request = std::move(request)] {
        return handles->send(request, settings);
    };
    co_return co_await offloaded(lane_, std::move(blocking));
}

http::ClientAnswer send(const http::ClientRequest& request) {
    const Handle handle = new_handle();
    return perform(handle.get(), request, {});
}

} // namespace backline::curl
