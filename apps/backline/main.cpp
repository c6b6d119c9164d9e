#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/operator_client/operator_client.hpp"
#include "apps/backline/config.hpp"
#include "apps/backline/demo.hpp"
#include "apps/backline/embedded_shop.hpp"
#include "apps/backline/operator_routes.hpp"
#include "platform/async/task_group.hpp"
#include "platform/async/wait.hpp"
#include "platform/http/problem_response.hpp"
#include "platform/schema/json.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

// The one program: `backline serve` runs the shop, `backline events` and `backline users` ask a running one.
namespace backline::app {

namespace {

struct ServeOptions {
    std::string config_file{};
    Overrides flags{};
    bool print_config = false;
};

void greet(const Config& config, const EmbeddedShop& shop) {
    const std::string url = fmt::format("http://localhost:{}", shop.port());
    fmt::print("Backline serves {0}  (API: {0}/docs)\n", url);
    fmt::print(
        "Operators: http://{}:{}/metrics\n", config.operations.address.text(), shop.operator_port()
    );
    if (config.demo) {
        fmt::print(
            "Mailbox: {}/mailbox\n\nDemo accounts, all with the password '{}':\n",
            url,
            demo_password
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
    std::fflush(stdout);
}

/// Greets once the loop has nothing else to do first: by then the signals are waited for, and whoever has read the
/// greeting may stop the shop in order.
Task<> greet_soon(Runtime& runtime, const Config& config, const EmbeddedShop& shop) {
    co_await turn(runtime);
    greet(config, shop);
}

Task<> serve_until_interrupted(asio_runtime::AsioRuntime& runtime, const Config& config) {
    EmbeddedShop shop(runtime, config);
    std::exception_ptr failure;
    try {
        co_await shop.start();
        TaskGroup greeting;
        greeting.spawn(greet_soon(runtime, config, shop));
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
    const Config config = load_config(options.config_file, overrides_of(environ), options.flags);
    if (options.print_config) {
        std::string text;
        schema::write_masked(type_of<Config>(), &config, text);
        fmt::print("{}\n", text);
        return 0;
    }
    umask(S_IRWXG | S_IRWXO); // What the shop writes is for nobody else on this machine.
    allow_all_descriptors();
    keep_apart(config.data.text(), config.demo);
    asio_runtime::AsioRuntime runtime;
    runtime.run(serve_until_interrupted(runtime, config));
    return 0;
}

int ask_operator(const std::string& url) {
    const operator_client::Answer answer = operator_client::ask(url, {});
    fmt::print("{}\n", answer.body);
    return answer.status < 300 ? 0 : 1;
}

void add_serve(CLI::App& cli, ServeOptions& options, int& status) {
    CLI::App* serve_command = cli.add_subcommand("serve", "Run the shop until Ctrl-C");
    const auto setting = [&options,
                          serve_command](const char* flag, const char* path, const char* text) {
        serve_command->add_option_function<std::string>(
            flag, [&options, path](const std::string& word) { options.flags[path] = word; }, text
        );
    };
    serve_command->add_option("--config", options.config_file, "A TOML file");
    setting("--data", "data", "The directory that holds everything (data)");
    setting("--port", "server.port", "Where the shop listens (8080); 0: any free port");
    setting(
        "--log", "log", "Where log lines go: stderr or a file (backline.log in the data directory)"
    );
    setting("--operator-port", "operations.port", "Where operators ask (8081)");
    serve_command->add_flag_callback(
        "--demo",
        [&options] { options.flags["demo"] = "true"; },
        "Demo accounts, sample store, mailbox"
    );
    serve_command->add_flag("--print-config", options.print_config, "Show the settings and stop");
    serve_command->callback([&options, &status] { status = serve(options); });
}

constexpr const char* operator_url = "http://127.0.0.1:8081";

struct EventsOptions {
    std::string url = operator_url;
    std::string event{};
    std::string subscriber{};
    bool all = false;
};

int replay(const EventsOptions& options) {
    if (options.all != options.event.empty() || options.subscriber.empty() != options.all) {
        throw std::runtime_error("name one event and its subscriber, or say --all");
    }
    Replay wanted;
    if (!options.all) wanted = {options.event, options.subscriber};
    const std::string body = schema::write_json(wanted);
    const auto answer = operator_client::ask(options.url + "/events/replays", body);
    fmt::print("{}\n", answer.body);
    const auto result = schema::read<ReplayResult>(answer.body, schema::Reading::tolerant);
    if (answer.status >= 300 || !result || !result->failed.empty()) return 1;
    if (options.all || result->replayed > 0) return 0;
    throw std::runtime_error("nothing is parked by that name; see `backline events parked`");
}

void add_events(CLI::App& cli, EventsOptions& options, int& status) {
    CLI::App* events = cli.add_subcommand("events", "Ask a running shop about its events");
    events->require_subcommand(1);
    events->fallthrough();
    events->add_option("--operator", options.url, "The operator address")->capture_default_str();
    events->add_subcommand("parked", "List messages that could not be handled")->callback([&] {
        status = ask_operator(options.url + "/events/parked");
    });
    events->add_subcommand("lag", "Say how far the bus is behind")->callback([&] {
        status = ask_operator(options.url + "/events/lag");
    });
    CLI::App* again =
        events->add_subcommand("replay", "Hand parked messages to their subscribers again");
    again->add_option("event", options.event, "An event's id, as `parked` shows it");
    again->add_option("subscriber", options.subscriber, "Who could not handle it");
    again->add_flag("--all", options.all, "All that are parked");
    again->callback([&] { status = replay(options); });
}

struct UsersOptions {
    std::string url = operator_url;
    std::string email{};
    std::string role{};
};

void grant(const UsersOptions& options) {
    const auto email = Email::parse(options.email);
    if (!email) throw std::runtime_error(options.email + " is no e-mail address");
    users::GrantRole wanted{*email};
    for (const users::Role role : {users::Role::staff, users::Role::admin}) {
        if (name_of(role) == options.role) wanted.role = role;
    }
    const auto answer =
        operator_client::ask(options.url + "/users/grants", schema::write_json(wanted));
    if (answer.status >= 300) {
        const auto problem =
            schema::read<http::ProblemView>(answer.body, schema::Reading::tolerant);
        throw std::runtime_error(problem ? problem->detail : answer.body);
    }
    fmt::print("{} is {} from the next log-in on.\n", email->text(), options.role);
}

void add_users(CLI::App& cli, UsersOptions& options) {
    CLI::App* commands = cli.add_subcommand("users", "Tell a running shop about its users");
    commands->require_subcommand(1);
    commands->fallthrough();
    commands->add_option("--operator", options.url, "The operator address")->capture_default_str();
    CLI::App* grant_command = commands->add_subcommand("grant", "Make somebody staff or admin");
    grant_command->add_option("email", options.email, "Of an account that exists")->required();
    grant_command->add_option("role", options.role, "What they become")
        ->required()
        ->check(CLI::IsMember({"staff", "admin"}));
    grant_command->callback([&options] { grant(options); });
}

} // namespace
} // namespace backline::app

int main(int argc, char** argv) {
    CLI::App cli("Backline: the backend of a shop for audio systems and event equipment");
    cli.require_subcommand(1);
    int status = 0;
    backline::app::ServeOptions options;
    backline::app::EventsOptions events;
    backline::app::UsersOptions users;
    backline::app::add_serve(cli, options, status);
    backline::app::add_events(cli, events, status);
    backline::app::add_users(cli, users);
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& usage) {
        return cli.exit(usage);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "backline: %s\n", failure.what());
        return 1;
    }
    return status;
}
