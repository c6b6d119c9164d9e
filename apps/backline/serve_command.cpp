#include "adapters/asio_runtime/asio_runtime.hpp"
#include "apps/backline/commands.hpp"
#include "apps/backline/config.hpp"
#include "apps/backline/demo.hpp"
#include "apps/backline/shop.hpp"
#include "platform/async/task_group.hpp"
#include "platform/async/wait.hpp"
#include "platform/schema/json.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>

// `backline serve`: the shop, or a part of it.
namespace backline::app {

namespace {

struct ServeOptions {
    std::vector<std::string> services{};
    std::string config_file{};
    Overrides flags{};
    bool print_config = false;

    [[nodiscard]] Config config() const {
        return load_config(config_file, overrides_of(environ), flags);
    }
};

std::string url_of(const Shop& shop) {
    return fmt::format("http://localhost:{}", shop.port());
}

void greet_demo(const std::string& url) {
    fmt::print(
        "Mailbox: {}/mailbox\n\nDemo accounts, all with the password '{}':\n", url, demo_password
    );
    for (const users::KnownAccount& account : demo_accounts()) {
        fmt::print("  {}\n", account.email.text());
    }
    fmt::print("\nTry:\n  curl '{}/v1/products?limit=3'\n", url);
    fmt::print("  curl {}/v1/categories\n", url);
    fmt::print(
        "  curl -H 'Content-Type: application/json' {}/v1/sessions -d "
        "'{{\"email\":\"customer@example.com\",\"password\":\"{}\"}}'\n\n",
        url,
        demo_password
    );
}

void greet(const Config& config, const std::vector<std::string>& services, const Shop& shop) {
    const std::string url = url_of(shop);
    if (services.empty()) {
        fmt::print("Backline serves {0}  (API: {0}/docs)\n", url);
    } else {
        fmt::print("Backline serves {}: {}\n", url, fmt::join(services, ", "));
    }
    fmt::print(
        "Operators: http://{}:{}/metrics\n", config.operations.address.text(), shop.operator_port()
    );
    if (config.demo && services.empty()) greet_demo(url);
    std::fflush(stdout);
}

/// Greets once the loop has nothing else to do first: by then the signals are waited for, and whoever has read the
/// greeting may stop the shop in order.
Task<> greet_soon(
    Runtime& runtime,
    const Config& config,
    const std::vector<std::string>& services,
    const Shop& shop
) {
    co_await turn(runtime);
    greet(config, services, shop);
}

/// Until the shop serves, whoever asks it to end gets that at once: nothing has been promised to anybody. Said to the
/// kernel, because it passes over such a signal to the first process of a container otherwise.
void end_at_once_until_it_serves() {
    const auto end = [](int number) { std::_Exit(128 + number); };
    std::signal(SIGTERM, end);
    std::signal(SIGINT, end);
}

Task<> serve_until_interrupted(asio_runtime::AsioRuntime& runtime, const ServeOptions& options) {
    end_at_once_until_it_serves();
    const Config config = options.config();
    Shop shop(runtime, config, options.services);
    std::exception_ptr failure;
    try {
        co_await shop.start();
        TaskGroup greeting;
        greeting.spawn(greet_soon(runtime, config, options.services, shop));
        co_await runtime.interrupted();
        fmt::print("Stopping.\n");
        std::fflush(stdout);
    } catch (const std::exception&) {
        failure = std::current_exception();
    }
    co_await shop.stop();
    if (failure) std::rethrow_exception(failure);
}

/// As many open files as the system lets this user have: the usual 1,024 are fewer than the connections that are taken.
void allow_all_descriptors() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int serve(const ServeOptions& options) {
    const Config config = options.config();
    if (options.print_config) {
        std::string text;
        schema::write_masked(type_of<Config>(), &config, text);
        fmt::print("{}\n", text);
        return 0;
    }
    check_engines(config, options.services);
    umask(S_IRWXG | S_IRWXO); // What the shop writes is for nobody else on this machine.
    allow_all_descriptors();
    keep_apart(config.data.text(), config.demo);
    std::error_code refused; // Whoever writes there first says why it cannot be used.
    std::filesystem::create_directories(config.data.text(), refused);
    asio_runtime::AsioRuntime runtime;
    runtime.run(serve_until_interrupted(runtime, options));
    return 0;
}

} // namespace

void add_serve(CLI::App& cli, int& status) {
    const auto options = std::make_shared<ServeOptions>();
    CLI::App* serve_command = cli.add_subcommand("serve", "Run the shop until Ctrl-C");
    const auto setting = [options,
                          serve_command](const char* flag, const char* path, const char* text) {
        serve_command->add_option_function<std::string>(
            flag, [options, path](const std::string& word) { options->flags[path] = word; }, text
        );
    };
    serve_command
        ->add_option("service", options->services, "What this process runs; nothing: all six")
        ->check(
            CLI::IsMember({"users", "catalog", "inventory", "orders", "payments", "notifications"})
        );
    serve_command->add_option("--config", options->config_file, "A TOML file");
    setting("--data", "data", "The directory that holds everything (data)");
    setting("--port", "server.port", "Where the shop listens (8080); 0: any free port");
    setting(
        "--log", "log", "Where log lines go: stderr or a file (backline.log in the data directory)"
    );
    setting("--operator-port", "operations.port", "Where operators ask (8081)");
    serve_command->add_flag_callback(
        "--demo",
        [options] { options->flags["demo"] = "true"; },
        "Demo accounts, sample store, mailbox"
    );
    serve_command->add_flag("--print-config", options->print_config, "Show the settings and stop");
    serve_command->callback([options, &status] { status = serve(*options); });
}

} // namespace backline::app
