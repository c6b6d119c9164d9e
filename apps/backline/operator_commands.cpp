#include "adapters/curl/curl_client.hpp"
#include "apps/backline/commands.hpp"
#include "apps/backline/operator_routes.hpp"
#include "platform/http/problem_response.hpp"
#include "platform/schema/json.hpp"
#include "services/users/service.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <stdexcept>

// `backline events` and `backline users`: they ask a running program at its operator address.
namespace backline::app {

namespace {

/// POST where there is a body.
http::ClientAnswer ask(const std::string& url, std::string body = {}) {
    const http::Method method = body.empty() ? http::Method::get : http::Method::post;
    return curl::send({url, method, std::move(body), {}, std::chrono::seconds(30)});
}

int ask_operator(const std::string& url) {
    const http::ClientAnswer answer = ask(url);
    fmt::print("{}\n", answer.body);
    return answer.status < 300 ? 0 : 1;
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
    const auto answer = ask(options.url + "/events/replays", body);
    fmt::print("{}\n", answer.body);
    const auto result = schema::read<ReplayResult>(answer.body, schema::Reading::tolerant);
    if (answer.status >= 300 || !result || !result->failed.empty()) return 1;
    if (options.all || result->replayed > 0) return 0;
    throw std::runtime_error("nothing is parked by that name; see `backline events parked`");
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
    const auto answer = ask(options.url + "/users/grants", schema::write_json(wanted));
    if (answer.status >= 300) {
        const auto problem =
            schema::read<http::ProblemView>(answer.body, schema::Reading::tolerant);
        throw std::runtime_error(problem ? problem->detail : answer.body);
    }
    fmt::print("{} is {} from the next log-in on.\n", email->text(), options.role);
}

} // namespace

void add_events(CLI::App& cli, int& status) {
    const auto options = std::make_shared<EventsOptions>();
    CLI::App* events = cli.add_subcommand("events", "Ask a running shop about its events");
    events->require_subcommand(1);
    events->fallthrough();
    events->add_option("--operator", options->url, "The operator address")->capture_default_str();
    events->add_subcommand("parked", "List messages that could not be handled")
        ->callback([options, &status] { status = ask_operator(options->url + "/events/parked"); });
    events->add_subcommand("lag", "Say how far the bus is behind")->callback([options, &status] {
        status = ask_operator(options->url + "/events/lag");
    });
    CLI::App* again =
        events->add_subcommand("replay", "Hand parked messages to their subscribers again");
    again->add_option("event", options->event, "An event's id, as `parked` shows it");
    again->add_option("subscriber", options->subscriber, "Who could not handle it");
    again->add_flag("--all", options->all, "All that are parked");
    again->callback([options, &status] { status = replay(*options); });
}

void add_users(CLI::App& cli, int&) {
    const auto options = std::make_shared<UsersOptions>();
    CLI::App* commands = cli.add_subcommand("users", "Tell a running shop about its users");
    commands->require_subcommand(1);
    commands->fallthrough();
    commands->add_option("--operator", options->url, "The operator address")->capture_default_str();
    CLI::App* grant_command = commands->add_subcommand("grant", "Make somebody staff or admin");
    grant_command->add_option("email", options->email, "Of an account that exists")->required();
    grant_command->add_option("role", options->role, "What they become")
        ->required()
        ->check(CLI::IsMember({"staff", "admin"}));
    grant_command->callback([options] { grant(*options); });
}

} // namespace backline::app
