#include "adapters/mongo/replica_set.hpp"

#include "adapters/mongo/bson.hpp"
#include "adapters/mongo/server.hpp"
#include "adapters/mongo/unusable.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace backline::mongo {

namespace {

constexpr std::chrono::milliseconds between_tries{200};
constexpr int tries_max = 600;

// The server's error codes.
constexpr int unauthorized = 13;
constexpr int authentication_failed = 18;
constexpr int already_initialized = 23;

/// What the URL says of the set.
struct Wanted {
    std::string name;
    std::string user;
    std::vector<std::string> members; ///< As `host:port`.
    std::uint16_t first_port = 0;
};

Wanted wanted_of(const Settings& settings) {
    const std::unique_ptr<mongoc_uri_t, decltype(&mongoc_uri_destroy)> uri(
        mongoc_uri_new_with_error(settings.url.reveal().c_str(), nullptr), &mongoc_uri_destroy
    );
    if (!uri || mongoc_uri_get_replica_set(uri.get()) == nullptr ||
        mongoc_uri_get_username(uri.get()) == nullptr || settings.password.reveal().empty()) {
        throw Unusable("The URL of MongoDB names no replica set, or no user with a password; it "
                       "looks like mongodb://user@host1:27017,host2:27017/?replicaSet=rs0.");
    }
    Wanted wanted{mongoc_uri_get_replica_set(uri.get()), mongoc_uri_get_username(uri.get()), {}, 0};
    const mongoc_host_list_t* const first = mongoc_uri_get_hosts(uri.get());
    wanted.first_port = first->port;
    for (const mongoc_host_list_t* host = first; host != nullptr; host = host->next) {
        wanted.members.emplace_back(host->host_and_port);
    }
    return wanted;
}

/// The first member, asked by nobody in particular.
Settings unknown_caller(const Settings& settings, const Wanted& wanted) {
    Settings local = settings;
    local.url = Secret<std::string>(
        fmt::format("mongodb://localhost:{}/?directConnection=true", wanted.first_port)
    );
    local.password = Secret<std::string>{};
    return local;
}

struct Reply {
    Bson document{};
    int failed = 0; ///< The error code; 0: done.
    std::string why{};
};

/// Outside of any session, which a member without a set does not have.
Reply run(Server& server, const Bson& command) {
    const auto give_back = [&server](mongoc_client_t* client) {
        mongoc_client_pool_push(&server.pool(), client);
    };
    const std::unique_ptr<mongoc_client_t, decltype(give_back)> client(
        mongoc_client_pool_pop(&server.pool()), give_back
    );
    Reply reply;
    bson_error_t error{};
    bson_t answer;
    const bool done = mongoc_client_command_simple(
        client.get(), "admin", command.get(), nullptr, &answer, &error
    );
    bson_concat(reply.document.get(), &answer);
    bson_destroy(&answer);
    if (done) return reply;
    reply.failed = error.code == 0 ? -1 : static_cast<int>(error.code);
    reply.why = error.message;
    return reply;
}

/// The first member is the one to become primary, so that the first user can be made there.
Bson initiation(const Wanted& wanted) {
    List members;
    for (std::size_t number = 0; number < wanted.members.size(); ++number) {
        Bson member;
        member.number("_id", static_cast<std::int64_t>(number));
        member.text("host", wanted.members[number]);
        member.number("priority", number == 0 ? 2 : 1);
        members.document(member);
    }
    Bson config;
    config.text("_id", wanted.name).list("members", members);
    Bson command;
    command.document("replSetInitiate", config);
    return command;
}

Bson user_of(const Wanted& wanted, const Settings& settings) {
    List roles;
    roles.text("readWriteAnyDatabase").text("clusterMonitor");
    Bson majority;
    majority.text("w", "majority");
    Bson command;
    command.text("createUser", wanted.user)
        .text("pwd", settings.password.reveal())
        .list("roles", roles)
        .document("writeConcern", majority);
    return command;
}

Bson one(const char* name) {
    Bson command;
    command.number(name, 1);
    return command;
}

bool is_refused_login(const Reply& reply) {
    return reply.failed == authentication_failed ||
           reply.failed == MONGOC_ERROR_CLIENT_AUTHENTICATE;
}

/// What keeps the set from being there; nothing once it is.
std::optional<std::string> initiate(Server& local, const Wanted& wanted) {
    const Reply hello = run(local, one("hello"));
    if (hello.failed != 0) return hello.why;
    if (!View(hello.document).text("setName").empty()) return std::nullopt;
    const Reply made = run(local, initiation(wanted));
    if (made.failed == 0 || made.failed == already_initialized) return std::nullopt;
    return made.why;
}

/// What keeps the user from working; nothing once it can.
std::optional<std::string> add_user(
    Server& local, Server& user, const Wanted& wanted, const Settings& settings
) {
    bool has_users = false;
    const Reply hello = run(local, one("hello"));
    if (hello.failed == 0 && View(hello.document).flag("isWritablePrimary")) {
        const Reply made = run(local, user_of(wanted, settings));
        if (made.failed == 0) return std::nullopt;
        has_users = made.failed == unauthorized;
    }
    const Reply known = run(user, one("replSetGetConfig"));
    if (known.failed == 0) return std::nullopt;
    if (has_users && is_refused_login(known)) {
        throw Unusable(fmt::format(
            "This replica set has users, and {} with this password is none of them: {}.",
            wanted.user,
            known.why
        ));
    }
    return known.why;
}

/// Tries until `step` has nothing to say any more.
template <class Step> void until_done(Step step) {
    std::optional<std::string> obstacle = step();
    for (int tries = 1; obstacle && tries < tries_max; ++tries) {
        std::this_thread::sleep_for(between_tries);
        obstacle = step();
    }
    if (obstacle) throw Unusable(fmt::format("The replica set does not come up: {}.", *obstacle));
}

} // namespace

void make_replica_set(const Settings& settings) {
    const Wanted wanted = wanted_of(settings);
    Server local(unknown_caller(settings, wanted));
    Server user(settings);

    until_done([&] { return initiate(local, wanted); });
    until_done([&] { return add_user(local, user, wanted, settings); });
}

} // namespace backline::mongo
