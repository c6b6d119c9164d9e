#pragma once

#include "adapters/memory/virtual_loop.hpp"
#include "platform/http/router.hpp"
#include "tests/http/fakes.hpp"
#include "tests/http/sample_shop.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

/// The sample shop behind the real router, on virtual time.
namespace backline::http {

inline constexpr std::string_view good_item = R"({"name":"Mixer","quantity":3,"parts":[]})";
inline constexpr std::string_view no_item = "/v1/items/itm_01jd8xw9b2f0aqv1e4m7k3t5nz";

class RouterFixture : public testing::Test {
protected:
    RouterFixture() { router.add(shop.routes()); }

    Response send(Request request) { return memory::run(loop, router.handle(std::move(request))); }

    Response get(std::string_view target) { return send(Request::to(Method::get, target)); }

    Response make(std::string_view body) {
        Request request = Request::to(Method::post, "/v1/items", std::string(body));
        request.headers.set("Authorization", "Bearer customer");
        request.headers.set("Idempotency-Key", "key-00000001");
        return send(std::move(request));
    }

    memory::VirtualLoop loop{1};
    memory::VirtualRuntime runtime{loop};
    http_tests::FakeAuthenticator authenticator;
    http_tests::LinesLog log;
    observe::Metrics metrics;
    sample::ItemHandlers shop;
    Router router{runtime, authenticator, log, metrics, Router::Settings{}};
};

inline std::string header(const Response& response, std::string_view name) {
    return std::string(response.headers.find(name));
}

inline bool has(const Response& response, std::string_view text) {
    return response.body.find(text) != std::string::npos;
}

} // namespace backline::http
