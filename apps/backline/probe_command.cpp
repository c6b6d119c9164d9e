#include "adapters/curl/curl_client.hpp"
#include "apps/backline/commands.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <stdexcept>

// `backline probe`: the health check of an image that has neither shell nor curl.
namespace backline::app {

namespace {

constexpr Duration answers_within{2'000};

void probe(const std::string& url) {
    const http::ClientAnswer answer = curl::send({.url = url, .within = answers_within});
    if (answer.status == 200) return;
    throw std::runtime_error(fmt::format("{} answers {}: {}", url, answer.status, answer.body));
}

} // namespace

void add_probe(CLI::App& cli, int&) {
    const auto url = std::make_shared<std::string>("http://127.0.0.1:8080/readyz");
    CLI::App* command = cli.add_subcommand("probe", "Succeed if this address answers 200");
    command->add_option("url", *url, "What to ask")->capture_default_str();
    command->callback([url] { probe(*url); });
}

} // namespace backline::app
