#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/curl/curl_client.hpp"
#include "adapters/key_file/key_file.hpp"
#include "apps/backline/commands.hpp"
#include "apps/backline/config.hpp"
#include "apps/backline/demo.hpp"
#include "apps/backline/sample_store.hpp"
#include "apps/backline/sandbox_server.hpp"
#include "platform/async/wait.hpp"
#include "platform/schema/json.hpp"
#include "services/users/sessions/api.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

// What a shop in several processes needs beside `backline serve`: a sandbox that all share, the signing keys, and the
// sample store over HTTP.
namespace backline::app {

namespace {

Task<> serve_sandbox(asio_runtime::AsioRuntime& runtime, const Config& config) {
    SandboxServer sandbox(runtime, config);
    co_await sandbox.start();
    fmt::print("The sandbox serves http://localhost:{}/mailbox\n", sandbox.port());
    std::fflush(stdout);
    co_await runtime.interrupted();
    co_await sandbox.stop();
}

int make_keys(const std::string& path) {
    asio_runtime::AsioRuntime runtime;
    key_file::KeyFile file(path);
    if (file.load()) {
        fmt::print("{} has keys already.\n", path);
        return 0;
    }
    file.save(security::KeyRing(security::SigningKey::generate(runtime)));
    fmt::print("Made {}.\n", path);
    return 0;
}

Task<> load_over_http(asio_runtime::AsioRuntime& runtime, std::string url) {
    curl::CurlClient client(runtime.add_lane("http", 0), {});
    http::ClientRequest request{.url = url + "/v1/sessions", .method = http::Method::post};
    request.body = fmt::format(R"({{"email":"staff@example.com","password":"{}"}})", demo_password);
    const http::ClientAnswer answer = co_await client.send(std::move(request));
    if (answer.status != 201) {
        throw std::runtime_error("staff@example.com cannot log in: " + answer.body);
    }
    const auto session = unwrap(schema::read<users::Tokens>(answer.body));
    co_await load_sample_store(client, url, runtime, session.access_token);
}

} // namespace

void add_sandbox(CLI::App& cli, int&) {
    const auto flags = std::make_shared<Overrides>();
    CLI::App* command = cli.add_subcommand(
        "sandbox", "Run the payment provider and the mailbox of a demo in several processes"
    );
    const auto setting = [flags, command](const char* flag, const char* path, const char* text) {
        command->add_option_function<std::string>(
            flag, [flags, path](const std::string& word) { (*flags)[path] = word; }, text
        );
    };
    setting("--data", "data", "The directory that holds books and mails (data)");
    setting("--port", "server.port", "Where it listens (8080); 0: any free port");
    setting("--log", "log", "Where log lines go: stderr or a file");
    command->callback([flags] {
        umask(S_IRWXG | S_IRWXO);
        asio_runtime::AsioRuntime runtime;
        runtime.run(serve_sandbox(runtime, load_config({}, overrides_of(environ), *flags)));
    });
}

void add_keys(CLI::App& cli, int& status) {
    const auto path = std::make_shared<std::string>();
    CLI::App* command =
        cli.add_subcommand("keys", "Make the keys that sign access tokens, if there are none");
    command->add_option("file", *path, "Where they lie, readable by their owner only")->required();
    command->callback([path, &status] { status = make_keys(*path); });
}

void add_sample_store(CLI::App& cli, int&) {
    const auto url = std::make_shared<std::string>("http://localhost:8080");
    CLI::App* command =
        cli.add_subcommand("sample-store", "Fill an empty demo with the sample store, over HTTP");
    command->add_option("--url", *url, "The shop's address")->capture_default_str();
    command->callback([url] {
        asio_runtime::AsioRuntime runtime;
        runtime.run(load_over_http(runtime, *url));
    });
}

} // namespace backline::app
