#pragma once

#include "adapters/rabbitmq/settings.hpp"
#include "tests/contract/test_server.hpp"

#include <curl/curl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>

namespace backline::rabbitmq {

/// A virtual host of the real broker, for one test alone; gone with this.
class TestBroker final {
public:
    /// Null: the test is skipped.
    static std::unique_ptr<TestBroker> make() {
        const auto url = contract::test_server("BACKLINE_TEST_AMQP_URL");
        if (!url) return nullptr;
        const auto api = contract::test_server("BACKLINE_TEST_RABBITMQ_API");
        if (!api) return nullptr;
        return std::make_unique<TestBroker>(*url, *api);
    }

    TestBroker(const std::string& url, std::string api)
        : endpoint_(parse_endpoint(url))
        , api_(std::move(api)) {
        static int made = 0;
        endpoint_.virtual_host =
            "backline-test-" + std::to_string(getpid()) + "-" + std::to_string(++made);
        call("PUT", "/vhosts/" + endpoint_.virtual_host);
        call(
            "PUT",
            "/permissions/" + endpoint_.virtual_host + "/" + endpoint_.user,
            R"({"configure":".*","write":".*","read":".*"})"
        );
    }

    TestBroker(const TestBroker&) = delete;
    TestBroker& operator=(const TestBroker&) = delete;

    ~TestBroker() { call("DELETE", "/vhosts/" + endpoint_.virtual_host); }

    [[nodiscard]] const std::string& virtual_host() const { return endpoint_.virtual_host; }

    /// Retries within milliseconds.
    [[nodiscard]] Settings settings() const {
        Settings settings;
        settings.endpoint = endpoint_;
        settings.retry_after = {Duration{10}, Duration{100}};
        settings.reconnect_first = Duration{20};
        settings.reconnect_max = Duration{200};
        return settings;
    }

    /// Asks the management API; the answer's body.
    std::string call(
        const std::string& method, const std::string& path, const std::string& body = ""
    ) {
        const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(
            curl_easy_init(), &curl_easy_cleanup
        );
        curl_slist* const headers = curl_slist_append(nullptr, "Content-Type: application/json");
        std::string answer;
        curl_easy_setopt(curl.get(), CURLOPT_URL, (api_ + path).c_str());
        curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, method.c_str());
        curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
        curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 30L);
        if (!body.empty()) curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
        curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &append);
        curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
        const CURLcode code = curl_easy_perform(curl.get());
        curl_slist_free_all(headers);
        long status = 0;
        curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
        EXPECT_EQ(code, CURLE_OK) << method << " " << path << ": " << curl_easy_strerror(code);
        EXPECT_LT(status, 400) << method << " " << path << ": " << answer;
        return answer;
    }

private:
    static std::size_t append(char* data, std::size_t size, std::size_t count, void* answer) {
        static_cast<std::string*>(answer)->append(data, size * count);
        return size * count;
    }

    Endpoint endpoint_;
    std::string api_;
};

} // namespace backline::rabbitmq
