#pragma once

#include "adapters/smtp/smtp_mailer.hpp"
#include "platform/base/bounded.hpp"
#include "platform/base/list.hpp"
#include "platform/base/problem.hpp"
#include "platform/base/type.hpp"
#include "platform/http/client_address.hpp"
#include "services/catalog/config.hpp"
#include "services/orders/config.hpp"
#include "services/payments/config.hpp"
#include "services/users/config.hpp"

#include <boost/describe/class.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>

/// The program's configuration: one described struct, filled from defaults, then a TOML file, then the environment
/// (`BACKLINE_SERVER__PORT=80`), then flags. A key that nobody knows is an error.
namespace backline::app {

using Port = Bounded<int, 0, 65'535>;

struct Listen {
    Text<1, 100> address = Text<1, 100>::of("127.0.0.1");
    Port port;
    /// From one peer; 0: no bound. This machine is not counted. Behind a proxy elsewhere, all come from the proxy.
    Bounded<int, 0, 100'000> connections_per_address = Bounded<int, 0, 100'000>::of(64);
};
BOOST_DESCRIBE_STRUCT(Listen, (), (address, port, connections_per_address))

/// The mail server. Without a host, mails go nowhere but into the mailbox.
struct Smtp {
    Text<0, 253> host;
    Port port = Port::of(587);
    smtp::Security security = smtp::Security::starttls;
    Text<0, 200> user;           ///< Empty: no login.
    Text<0, 1000> password_file; ///< Holds the password and nothing else; its owner's alone.
    Email from;                  ///< Whose mails they are.
    Text<0, 100> from_name;
    Text<0, 1000> ca_file; ///< Whom to trust; empty: whom the system trusts.
};
BOOST_DESCRIBE_STRUCT(
    Smtp, (), (host, port, security, user, password_file, from, from_name, ca_file)
)
std::vector<FieldError> check(const Smtp& smtp);

/// What becomes of an event that a service fails to handle: it is tried again after `retry_first_for`, then after twice
/// as long each time, and parked after `attempts_max` tries. Durations are in milliseconds. Between processes the
/// pauses are RabbitMQ's queues: 1 s, 10 s, 1 min, 10 min.
struct Events {
    Bounded<int, 1, 100> attempts_max = Bounded<int, 1, 100>::of(8);
    Duration retry_first_for{200};
    Duration retry_longest_for{30'000};
};
BOOST_DESCRIBE_STRUCT(Events, (), (attempts_max, retry_first_for, retry_longest_for))
std::vector<FieldError> check(const Events& events);

/// A MongoDB replica set. Without a URL, documents lie in the data directory.
struct Mongo {
    Text<0, 2000> url; ///< `mongodb://user@host:27017,host:27018/?replicaSet=rs0&tls=true`
    Text<0, 1000> password_file;
    Text<0, 1000> ca_file; ///< Whom to trust; empty: whom the system trusts.
    /// A service's database is named `<prefix>_<service>`.
    Text<1, 30> prefix = Text<1, 30>::of("backline");
    Bounded<int, 1, 100> connections = Bounded<int, 1, 100>::of(16);
};
BOOST_DESCRIBE_STRUCT(Mongo, (), (url, password_file, ca_file, prefix, connections))
std::vector<FieldError> check(const Mongo& mongo);

/// A RabbitMQ broker. Without a URL, events stay in this process.
struct Rabbitmq {
    Text<0, 2000> url; ///< `amqp://user@host:5672/vhost`, or `amqps://`
    Text<0, 1000> password_file;
    Text<0, 1000> ca_file;
    Text<1, 30> prefix = Text<1, 30>::of("backline"); ///< Of the names of exchange and queues.
};
BOOST_DESCRIBE_STRUCT(Rabbitmq, (), (url, password_file, ca_file, prefix))
std::vector<FieldError> check(const Rabbitmq& rabbitmq);

/// A Redis server: what replicas share to save work and to count together. Without a URL, each process does for itself.
struct Redis {
    Text<0, 2000> url; ///< `redis://user@host:6379/0`, or `rediss://`
    Text<0, 1000> password_file;
    Text<0, 1000> ca_file;
    Text<1, 30> prefix = Text<1, 30>::of("backline:"); ///< Of every key.
};
BOOST_DESCRIBE_STRUCT(Redis, (), (url, password_file, ca_file, prefix))
std::vector<FieldError> check(const Redis& redis);

/// The keys that sign access tokens. A process that runs the User Service has the private ones in a file of its own;
/// every other fetches the public ones.
struct SigningKeys {
    Text<0, 1000>
        file; ///< Empty: `signing-keys.json` in the data directory, made on the first start.
    Text<0, 1000> url; ///< Of the key set: `https://shop.example/.well-known/jwks.json`
};
BOOST_DESCRIBE_STRUCT(SigningKeys, (), (file, url))

/// Where payments and mails of a demo go: to a `backline sandbox` at this address, or nowhere out of this process.
struct SandboxAddress {
    Text<0, 500> url;
};
BOOST_DESCRIBE_STRUCT(SandboxAddress, (), (url))

struct Config {
    static constexpr std::string_view schema_name = "BacklineConfig";

    Text<1, 1000> data = Text<1, 1000>::of("data"); ///< The directory that holds everything.
    /// Where log lines go, one JSON object each; `stderr` or a file; empty: `backline.log` in the data directory.
    Text<0, 1000> log;
    bool demo = false; ///< Demo accounts, the sample store, `/mailbox`: never in a real shop.
    Listen server{.port = Port::of(8080)};
    bool behind_tls =
        false; ///< Tells browsers to come by HTTPS only (HSTS): set it where a proxy ends TLS.
    /// Proxies of ours in front of the server, whose `X-Forwarded-For` is believed; nobody's without them.
    List<http::IpBlockText, 32> proxies;
    /// Metrics and operators' commands. Keep it local: whoever reaches it can make admins.
    Listen operations{.port = Port::of(8081)};
    Smtp smtp;
    Events events;
    Mongo mongo;
    Rabbitmq rabbitmq;
    Redis redis;
    SigningKeys signing_keys;
    SandboxAddress sandbox;
    users::Config users;
    catalog::Config catalog;
    orders::Config orders;
    payments::Config payments;
};
BOOST_DESCRIBE_STRUCT(
    Config,
    (),
    (data,
     log,
     demo,
     server,
     behind_tls,
     proxies,
     operations,
     smtp,
     events,
     mongo,
     rabbitmq,
     redis,
     signing_keys,
     sandbox,
     users,
     catalog,
     orders,
     payments)
)

/// Throws `std::runtime_error` with one sentence if a process cannot run these services (none: all) so: a part of the
/// shop meets the others over the engines that all share, and none of those is any use alone.
void check_engines(const Config& config, const std::vector<std::string>& services);

/// Settings from outside, by their dotted path: `server.port` -> `80`.
using Overrides = std::map<std::string, std::string>;

/// The variables of an environment (`name=value`, null-terminated) that are ours, as overrides.
[[nodiscard]] Overrides overrides_of(const char* const* environment);

/// Reads the file (none if empty) and lays the overrides over it, later ones over earlier ones. Throws
/// `std::runtime_error` with one sentence that names the key and what is wrong with it.
[[nodiscard]] Config load_config(
    const std::string& file, const Overrides& environment, const Overrides& flags
);

} // namespace backline::app
