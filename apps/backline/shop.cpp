#include "apps/backline/shop.hpp"

#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/curl/curl_client.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "apps/backline/access_keys.hpp"
#include "apps/backline/collection_routes.hpp"
#include "apps/backline/demo.hpp"
#include "apps/backline/doors.hpp"
#include "apps/backline/engines.hpp"
#include "apps/backline/operator_routes.hpp"
#include "apps/backline/outbox_watch.hpp"
#include "apps/backline/outside.hpp"
#include "apps/backline/sample_store.hpp"
#include "platform/async/task_group.hpp"
#include "platform/http/pages.hpp"
#include "platform/http/router_client.hpp"
#include "platform/http/server.hpp"
#include "platform/observe/log.hpp"
#include "platform/observe/metrics.hpp"
#include "platform/render/mustache.hpp"
#include "platform/security/argon2_hasher.hpp"
#include "platform/security/errors.hpp"
#include "platform/service/host.hpp"
#include "platform/service/idempotency.hpp"
#include "services/catalog/service.hpp"
#include "services/inventory/service.hpp"
#include "services/notifications/service.hpp"
#include "services/orders/service.hpp"
#include "services/payments/service.hpp"
#include "services/users/service.hpp"

#include <algorithm>

namespace backline::app {

namespace {

/// A gateway sends requests as soon as somebody listens, so a process that cannot check tokens yet does not; but if
/// the User Service is away for longer, it answers what needs no token.
constexpr Duration keys_within{5'000};

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

} // namespace

struct Shop::Parts {
    Parts(asio_runtime::AsioRuntime& on, const Config& configured, std::vector<std::string> names);

    [[nodiscard]] bool runs(const std::string& service) const;
    [[nodiscard]] std::vector<Service> make_services();
    [[nodiscard]] std::vector<Service> take_ours();
    [[nodiscard]] Service session_watch();
    void end_session(std::string session, Instant until);
    [[nodiscard]] Engines::Listeners listeners();
    void count_parked(const store::Parked& parked);
    void note_away(const std::string& engine, const std::string& why);
    [[nodiscard]] Host::Settings host_settings();
    void add_routes();
    [[nodiscard]] std::unique_ptr<http::Server> listen(http::Router& on, const Listen& where);
    void count_row(const orders::Row& row);

    asio_runtime::AsioRuntime& runtime;
    Config config;
    std::vector<std::string> names; ///< Of the services that run here; empty: all.
    observe::Metrics metrics;
    bool stopping = false;

    // What lies on disk, here or elsewhere; the log comes second, because the store makes the directory.
    Engines engines;
    std::unique_ptr<observe::Log> log;
    OutboxWatch outbox_watch;

    // The outside, and who is who.
    curl::CurlClient client;
    Outside outside;
    AccessKeys keys;
    security::Argon2Hasher hasher;

    // The shop, and its doors. All six services are made, because all their queues must be declared and documents be
    // whole; those of other processes stay here unused.
    std::vector<Service> elsewhere;
    Host host;
    http::Router router;
    http::Pages pages;
    std::unique_ptr<http::Server> server;

    NoTokens no_tokens;
    http::Router operator_router;
    http::MetricsPage metrics_page;
    OperatorRoutes operator_routes;
    CollectionRoutes collection_routes;
    std::unique_ptr<http::Server> operator_server;
    TaskGroup background;
};

Shop::Parts::Parts(
    asio_runtime::AsioRuntime& on, const Config& configured, std::vector<std::string> wanted
)
    : runtime(on)
    , config(configured)
    , names(std::move(wanted))
    , engines(on, config, listeners())
    , log(observe::make_json_log(log_settings(config)))
    , outbox_watch(*log, metrics)
    , client(on.add_lane("http", 0, 4), {})
    , outside(on, config, client)
    , keys(on, config, runs("users"), client, *log)
    , hasher(on.add_lane("hash", 10), {})
    , elsewhere(make_services())
    , host({on, engines.store()}, engines.bus(), take_ours(), host_settings())
    , router(on, keys.verifier(), *log, metrics, router_settings(config))
    , pages(router, {})
    , operator_router(on, no_tokens, *log, metrics, operator_settings(config.operations))
    , metrics_page(metrics)
    , operator_routes(engines.bus(), engines.store(), [this] { return host.in_flight(); })
    , collection_routes(engines.store(), host.services()) {
    for (const Service& service : elsewhere) host.declare(service);
    add_routes();
}

bool Shop::Parts::runs(const std::string& service) const {
    return names.empty() || std::ranges::find(names, service) != names.end();
}

std::vector<Service> Shop::Parts::make_services() {
    const Backends on{runtime, engines.store()};
    const auto session_ended = [this](std::string session, Instant until) {
        end_session(std::move(session), until);
    };
    const auto on_row = [this](const orders::Row& row) { count_row(row); };
    std::vector<users::KnownAccount> accounts;
    if (config.demo) accounts = demo_accounts();
    std::vector<Service> services;
    services.push_back(users::make_service(
        on,
        {hasher,
         keys.signer(),
         keys.public_keys(),
         session_ended,
         *log,
         engines.limiter(),
         engines.ended_sessions(),
         engines.session_copies()},
        config.users,
        std::move(accounts)
    ));
    services.push_back(catalog::make_service(on, config.catalog));
    services.push_back(inventory::make_service(on));
    services.push_back(orders::make_service(on, config.orders, on_row));
    services.push_back(payments::make_service(on, outside.provider(), *log, config.payments));
    services.push_back(notifications::make_service(on, outside.mailer()));
    return services;
}

/// Moves those that run here out of `elsewhere`.
std::vector<Service> Shop::Parts::take_ours() {
    std::vector<Service> ours;
    std::vector<Service> others;
    for (Service& service : elsewhere) {
        (runs(service.name) ? ours : others).push_back(std::move(service));
    }
    elsewhere = std::move(others);
    if (!runs("users")) ours.push_back(session_watch());
    return ours;
}

Host::Settings Shop::Parts::host_settings() {
    Host::Settings settings;
    // Where others relay, too, their events are left to them for a while.
    if (!engines.store().exclusive()) settings.relay.adopt_after = std::chrono::seconds(2);
    settings.attempts_max = config.events.attempts_max.value();
    settings.on_failure = [this](const std::string& timer, const std::string& why) {
        log->warning("timer_failed", {{"timer", timer}, {"cause", why}});
    };
    return settings;
}

/// How a process without the User Service hears that tokens are void.
Service Shop::Parts::session_watch() {
    const auto session_ended = [this](std::string session, Instant until) {
        end_session(std::move(session), until);
    };
    return users::make_session_watch(runtime, *engines.ended_sessions(), session_ended);
}

void Shop::Parts::end_session(std::string session, Instant until) {
    keys.verifier().end_session(std::move(session), until);
}

Engines::Listeners Shop::Parts::listeners() {
    return {
        [this](const store::Parked& parked) { count_parked(parked); },
        [this](const std::string& engine, const std::string& why) { note_away(engine, why); },
        [this](const std::string& collection, std::int64_t events, std::int64_t bytes) {
            outbox_watch.counted(collection, events, bytes);
        },
    };
}

void Shop::Parts::count_parked(const store::Parked& parked) {
    const observe::Labels by{{"subscriber", parked.subscriber}, {"type", parked.event.type}};
    metrics.counter("backline_events_parked_total", "Messages that were given up.", by).add();
    log->error(
        "event_parked",
        {{"event", parked.event.id},
         {"subscriber", parked.subscriber},
         {"attempts", parked.attempts},
         {"cause", parked.reason}}
    );
}

void Shop::Parts::note_away(const std::string& engine, const std::string& why) {
    if (why.empty()) {
        log->info("engine_back", {{"engine", engine}});
    } else {
        log->warning("engine_away", {{"engine", engine}, {"cause", why}});
    }
}

void Shop::Parts::count_row(const orders::Row& row) {
    metrics
        .counter(
            "backline_orders_saga_rows_total",
            "Rows of the checkout saga that were taken.",
            {{"status", std::string(name_of(row.in))},
             {"incoming", std::string(name_of(row.incoming))}}
        )
        .add();
}

void Shop::Parts::add_routes() {
    pages.add_catalogue(idempotency_refusals);
    pages.add_catalogue(security::refusals);
    pages.add_catalogue(render::refusals);
    pages.add_catalogue(collection_refusals);
    for (const Service& service : host.services()) pages.add_catalogue(service.refusals);
    for (Service& service : elsewhere) {
        pages.add_catalogue(service.refusals);
        pages.add_elsewhere(std::move(service.routes));
    }
    pages.add_readiness("signing keys", [this] { return keys.ready(); });
    router.add(host.take_routes());
    router.add(pages.routes());
    if (config.demo && outside.sandbox() != nullptr) router.add(outside.sandbox()->pages());
    operator_router.add(metrics_page.routes());
    operator_router.add(operator_routes.routes());
    operator_router.add(collection_routes.routes());
    operator_router.add(host.take_operator_routes());
}

std::unique_ptr<http::Server> Shop::Parts::listen(http::Router& on, const Listen& where) {
    return std::make_unique<http::Server>(
        runtime.context(), runtime, on, *log, metrics, listen_on(where)
    );
}

Shop::Shop(
    asio_runtime::AsioRuntime& runtime,
    const Config& config,
    const std::vector<std::string>& services
)
    : parts_(std::make_unique<Parts>(runtime, config, services)) {}

Shop::~Shop() = default;

Task<> Shop::start() {
    Parts& on = *parts_;
    on.engines.start();
    co_await on.host.start();
    on.background.spawn(on.keys.fetch_until(on.stopping));
    co_await on.keys.wait_until_ready(keys_within);
    if (on.config.demo && on.names.empty()) {
        const std::string token = loader_token(on.keys.signer(), on.runtime.now().utc);
        http::RouterClient client(on.router);
        co_await load_sample_store(client, "", on.runtime, token);
    }
    on.server = on.listen(on.router, on.config.server);
    on.operator_server = on.listen(on.operator_router, on.config.operations);
}

Task<> Shop::stop() {
    Parts& on = *parts_;
    on.stopping = true;
    on.pages.start_draining();
    if (on.server) co_await on.server->drain();
    if (on.operator_server) co_await on.operator_server->drain();
    co_await on.host.stop();
    co_await on.background.join();
    co_await on.engines.stop();
}

std::uint16_t Shop::port() const {
    return parts_->server->port();
}

std::uint16_t Shop::operator_port() const {
    return parts_->operator_server->port();
}

Task<http::Response> Shop::handle(http::Request request) {
    return parts_->router.handle(std::move(request));
}

const std::vector<Service>& Shop::services() const {
    return parts_->host.services();
}

sqlite::Counters Shop::work() const {
    return parts_->engines.file()->counters();
}

std::size_t Shop::backlog() const {
    return parts_->engines.store().backlog();
}

} // namespace backline::app
