#include "apps/backline/embedded_shop.hpp"

#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/key_file/key_file.hpp"
#include "adapters/local_bus/local_bus.hpp"
#include "adapters/mailbox/mail_file.hpp"
#include "adapters/mailbox/mailbox.hpp"
#include "adapters/sandbox_pay/file_ledger.hpp"
#include "adapters/sandbox_pay/sandbox_pay.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "apps/backline/demo.hpp"
#include "apps/backline/demo_routes.hpp"
#include "apps/backline/mail.hpp"
#include "apps/backline/operator_routes.hpp"
#include "apps/backline/sample_store.hpp"
#include "platform/http/pages.hpp"
#include "platform/http/server.hpp"
#include "platform/observe/log.hpp"
#include "platform/observe/metrics.hpp"
#include "platform/render/mustache.hpp"
#include "platform/security/argon2_hasher.hpp"
#include "platform/security/errors.hpp"
#include "platform/security/key_store.hpp"
#include "platform/security/tokens.hpp"
#include "platform/service/host.hpp"
#include "platform/service/idempotency.hpp"
#include "services/catalog/service.hpp"
#include "services/inventory/service.hpp"
#include "services/notifications/service.hpp"
#include "services/orders/service.hpp"
#include "services/payments/service.hpp"
#include "services/users/service.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace backline::app {

namespace {

/// A disk that cannot be trusted any more: whatever was not answered was not done.
[[noreturn]] void die(const std::string& reason) {
    std::fprintf(stderr, "backline: %s\n", reason.c_str());
    std::_Exit(1);
}

/// The store first: it makes the directory, and is the one to say clearly why it cannot be used.
sqlite::Settings store_settings(const Config& config) {
    sqlite::Settings settings;
    settings.directory = config.data.text();
    return settings;
}

std::string in_data(const Config& config, const char* name) {
    return (std::filesystem::path(config.data.text()) / name).string();
}

observe::JsonLogSettings log_settings(const Config& config) {
    if (config.log.text() == "stderr") return {};
    return {config.log.empty() ? in_data(config, "backline.log") : config.log.text()};
}

http::ServerSettings listen_on(const Listen& listen) {
    http::ServerLimits limits;
    limits.connections_per_address_max =
        static_cast<std::size_t>(listen.connections_per_address.value());
    return {listen.address.text(), static_cast<std::uint16_t>(listen.port.value()), limits};
}

http::Router::Settings router_settings(const Config& config) {
    http::Router::Settings settings;
    settings.behind_tls = config.behind_tls;
    for (const http::IpBlockText& proxy : config.proxies) {
        settings.proxies.push_back(*http::IpBlock::parse(proxy.text()));
    }
    return settings;
}

/// On an address that only this machine reaches, only its own names count.
http::Router::Settings operator_settings(const Listen& listen) {
    http::Router::Settings settings;
    const std::string address = listen.address.text();
    const bool local = address.starts_with("127.") || address == "::1";
    if (local) settings.hosts = {address, "127.0.0.1", "localhost", "[::1]"};
    return settings;
}

/// Operators are let in by where they knock; nobody has a token there.
class NoTokens final : public security::Authenticator {
public:
    Result<security::Principal> authenticate(std::string_view, Instant) override {
        return refuse(security::error("token_invalid"), "Operators need no token here.");
    }
};

} // namespace

struct EmbeddedShop::Parts {
    Parts(asio_runtime::AsioRuntime& on, const Config& configured);

    [[nodiscard]] std::unique_ptr<notifications::Mailer> make_mailer();
    [[nodiscard]] std::vector<Service> make_services();
    [[nodiscard]] local_bus::LocalBus::Settings bus_settings();
    [[nodiscard]] Host::Settings host_settings();
    void add_routes();
    void count_row(const orders::Row& row);

    asio_runtime::AsioRuntime& runtime;
    Config config;
    observe::Metrics metrics;

    // What is on disk.
    sqlite::SqliteStore store;
    std::unique_ptr<observe::Log> log;
    key_file::KeyFile key_file;
    sandbox_pay::FileLedger ledger;
    mailbox::MailFile mail_file;
    mailbox::MailRing mails;

    // Who is who.
    security::KeyRing keys;
    security::TokenSigner signer;
    security::TokenVerifier verifier;
    security::Argon2Hasher hasher;

    // The outside.
    sandbox_pay::SandboxPay provider;
    std::unique_ptr<notifications::Mailer> mailer;
    local_bus::LocalBus bus;

    // The shop, and its doors.
    Host host;
    http::Router router;
    http::Pages pages;
    DemoRoutes demo_routes;
    std::unique_ptr<http::Server> server;

    NoTokens no_tokens;
    http::Router operator_router;
    http::MetricsPage metrics_page;
    OperatorRoutes operator_routes;
    std::unique_ptr<http::Server> operator_server;
};

EmbeddedShop::Parts::Parts(asio_runtime::AsioRuntime& on, const Config& configured)
    : runtime(on)
    , config(configured)
    , store(on, store_settings(config), die)
    , log(observe::make_json_log(log_settings(config)))
    , key_file(in_data(config, "signing-keys.json"))
    , ledger(in_data(config, "sandbox-provider.db"))
    , mail_file(in_data(config, "mailbox.jsonl"))
    , keys(security::load_or_make_keys(key_file, on))
    , signer(keys.current(), {})
    , verifier(keys.public_keys(), {})
    , hasher(on.add_lane("hash", 10), {})
    , provider(on, ledger, {})
    , mailer(make_mailer())
    , bus(on, store, bus_settings())
    , host({on, store}, bus, make_services(), host_settings())
    , router(on, verifier, *log, metrics, router_settings(config))
    , pages(router, {})
    , demo_routes(mails, provider)
    , operator_router(on, no_tokens, *log, metrics, operator_settings(config.operations))
    , metrics_page(metrics)
    , operator_routes(bus, store, [this] { return host.in_flight(); }) {
    mail_file.load(mails);
    add_routes();
}

std::vector<Service> EmbeddedShop::Parts::make_services() {
    const Backends on{runtime, store};
    const auto session_ended = [this](std::string session, Instant until) {
        verifier.end_session(std::move(session), until);
    };
    const auto on_row = [this](const orders::Row& row) { count_row(row); };
    std::vector<users::KnownAccount> accounts;
    if (config.demo) accounts = demo_accounts();
    std::vector<Service> services;
    services.push_back(users::make_service(
        on,
        {hasher, signer, keys.public_keys(), session_ended, *log},
        config.users,
        std::move(accounts)
    ));
    services.push_back(catalog::make_service(on, config.catalog));
    services.push_back(inventory::make_service(on));
    services.push_back(orders::make_service(on, config.orders, on_row));
    services.push_back(payments::make_service(on, provider, *log, config.payments));
    services.push_back(notifications::make_service(on, *mailer));
    return services;
}

/// A lane of its own: a mail server that hangs holds up mails and nothing else.
std::unique_ptr<notifications::Mailer> EmbeddedShop::Parts::make_mailer() {
    if (config.smtp.host.empty()) {
        return std::make_unique<mailbox::Mailbox>(runtime, mails, mail_file);
    }
    return std::make_unique<smtp::SmtpMailer>(
        runtime.add_lane("mail", 0), smtp_settings(config.smtp)
    );
}

Host::Settings EmbeddedShop::Parts::host_settings() {
    Host::Settings settings;
    settings.attempts_max = config.events.attempts_max.value();
    settings.on_failure = [this](const std::string& timer, const std::string& why) {
        log->warning("timer_failed", {{"timer", timer}, {"cause", why}});
    };
    return settings;
}

local_bus::LocalBus::Settings EmbeddedShop::Parts::bus_settings() {
    const auto on_parked = [this](const store::Parked& parked) {
        const observe::Labels by{{"subscriber", parked.subscriber}, {"type", parked.event.type}};
        metrics.counter("backline_events_parked_total", "Messages that were given up.", by).add();
        log->error(
            "event_parked",
            {{"event", parked.event.id},
             {"subscriber", parked.subscriber},
             {"attempts", parked.attempts},
             {"cause", parked.reason}}
        );
    };
    return {config.events.retry_first_for, config.events.retry_longest_for, on_parked};
}

void EmbeddedShop::Parts::count_row(const orders::Row& row) {
    metrics
        .counter(
            "backline_orders_saga_rows_total",
            "Rows of the checkout saga that were taken.",
            {{"status", std::string(name_of(row.in))},
             {"incoming", std::string(name_of(row.incoming))}}
        )
        .add();
}

void EmbeddedShop::Parts::add_routes() {
    pages.add_catalogue(idempotency_refusals);
    pages.add_catalogue(security::refusals);
    pages.add_catalogue(render::refusals);
    for (const Service& service : host.services()) pages.add_catalogue(service.refusals);
    router.add(host.take_routes());
    router.add(pages.routes());
    if (config.demo) router.add(demo_routes.routes());
    operator_router.add(metrics_page.routes());
    operator_router.add(operator_routes.routes());
    operator_router.add(host.take_operator_routes());
}

EmbeddedShop::EmbeddedShop(asio_runtime::AsioRuntime& runtime, const Config& config)
    : parts_(std::make_unique<Parts>(runtime, config)) {}

EmbeddedShop::~EmbeddedShop() = default;

Task<> EmbeddedShop::start() {
    Parts& on = *parts_;
    co_await on.host.start();
    if (on.config.demo) co_await load_sample_store(on.router, on.runtime, on.signer);
    on.server = std::make_unique<http::Server>(
        on.runtime.context(),
        on.runtime,
        on.router,
        *on.log,
        on.metrics,
        listen_on(on.config.server)
    );
    on.operator_server = std::make_unique<http::Server>(
        on.runtime.context(),
        on.runtime,
        on.operator_router,
        *on.log,
        on.metrics,
        listen_on(on.config.operations)
    );
}

Task<> EmbeddedShop::stop() {
    Parts& on = *parts_;
    on.pages.start_draining();
    if (on.server) co_await on.server->drain();
    if (on.operator_server) co_await on.operator_server->drain();
    co_await on.host.stop();
}

std::uint16_t EmbeddedShop::port() const {
    return parts_->server->port();
}

std::uint16_t EmbeddedShop::operator_port() const {
    return parts_->operator_server->port();
}

Task<http::Response> EmbeddedShop::handle(http::Request request) {
    return parts_->router.handle(std::move(request));
}

sqlite::Counters EmbeddedShop::work() const {
    return parts_->store.counters();
}

std::size_t EmbeddedShop::backlog() const {
    return parts_->store.backlog();
}

} // namespace backline::app
