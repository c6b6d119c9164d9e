#include "apps/backline/sandbox_server.hpp"

#include "adapters/asio_runtime/asio_runtime.hpp"
#include "apps/backline/doors.hpp"
#include "apps/backline/sandbox.hpp"
#include "platform/http/pages.hpp"
#include "platform/http/router.hpp"
#include "platform/observe/metrics.hpp"

#include <filesystem>

namespace backline::app {

namespace {

std::filesystem::path made(const std::filesystem::path& directory) {
    std::error_code refused; // The sandbox is the one to say why it cannot be used.
    std::filesystem::create_directories(directory, refused);
    return directory;
}

} // namespace

struct SandboxServer::Parts {
    Parts(asio_runtime::AsioRuntime& on, const Config& configured)
        : runtime(on)
        , config(configured)
        , sandbox(on, made(config.data.text()))
        , log(observe::make_json_log(log_settings(config)))
        , router(on, no_tokens, *log, metrics, {})
        , pages(router, {}) {
        router.add(sandbox.pages());
        router.add(sandbox.calls());
        router.add(pages.routes());
        pages.add_catalogue(sandbox_refusals);
    }

    asio_runtime::AsioRuntime& runtime;
    Config config;
    Sandbox sandbox;
    observe::Metrics metrics;
    std::unique_ptr<observe::Log> log;
    NoTokens no_tokens;
    http::Router router;
    http::Pages pages;
    std::unique_ptr<http::Server> server;
};

SandboxServer::SandboxServer(asio_runtime::AsioRuntime& runtime, const Config& config)
    : parts_(std::make_unique<Parts>(runtime, config)) {}

SandboxServer::~SandboxServer() = default;

Task<> SandboxServer::start() {
    Parts& on = *parts_;
    on.server = std::make_unique<http::Server>(
        on.runtime.context(),
        on.runtime,
        on.router,
        *on.log,
        on.metrics,
        listen_on(on.config.server)
    );
    co_return;
}

Task<> SandboxServer::stop() {
    parts_->pages.start_draining();
    if (parts_->server) co_await parts_->server->drain();
}

std::uint16_t SandboxServer::port() const {
    return parts_->server->port();
}

} // namespace backline::app
