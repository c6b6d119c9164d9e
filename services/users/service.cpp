#include "services/users/service.hpp"

#include "platform/security/local_limiter.hpp"
#include "services/users/accounts/handlers.hpp"
#include "services/users/errors.hpp"
#include "services/users/keys/handlers.hpp"
#include "services/users/roles/handlers.hpp"
#include "services/users/sessions/reactions.hpp"

// START HERE: everything that the User Service serves, hears, does by the clock and keeps.
namespace backline::users {

namespace {

using security::Access;

struct Parts {
    Parts(Backends on, const Ports& ports, Config configured, std::vector<KnownAccount> known)
        : runtime(on.runtime)
        , config(std::move(configured))
        , accounts(std::move(known))
        , hasher(ports.hasher)
        , own_limiter(on.runtime)
        , users(on.store, on.runtime, users_spec)
        , guests(on.store, on.runtime, guests_spec)
        , seats(on.store, on.runtime, seats_spec)
        , sessions(on.store, on.runtime, sessions_spec)
        , session_requests(
              on.runtime,
              sessions,
              users,
              ports.hasher,
              ports.signer,
              ports.limiter ? *ports.limiter : own_limiter,
              ports.session_copies,
              ports.on_session_ended,
              config
          )
        , session_news(session_requests, ports.on_session_ended, ports.ended_sessions)
        , key_requests(ports.public_keys)
        , role_requests(on.runtime, users, seats, session_requests, ports.log) {}

    Runtime& runtime;
    Config config;
    std::vector<KnownAccount> accounts;
    security::PasswordHasher& hasher;
    security::LocalLimiter own_limiter;
    UserCollection users;
    GuestCollection guests;
    SeatsCollection seats;
    SessionCollection sessions;

    SessionHandlers session_requests;
    SessionReactions session_news;
    KeyHandlers key_requests;
    AccountHandlers account_requests{users, guests, hasher, config};
    RoleHandlers role_requests;
};

http::Routes session_routes(SessionHandlers& on) {
    using H = SessionHandlers;
    return {
        post("/v1/sessions", on, &H::log_in, Access::anyone(), "Log in")
            .refuses(error("credentials_wrong"), error("too_many_tries")),
        post("/v1/sessions/guest", on, &H::begin_as_guest, Access::anyone(), "Begin as a guest"),
        post("/v1/sessions/refresh", on, &H::refresh, Access::anyone(), "Exchange a refresh token")
            .refuses(error("refresh_token_invalid")),
        del("/v1/sessions/current", on, &H::log_out, Access::signed_in(), "Log out"),
    };
}

http::Routes account_routes(AccountHandlers& on) {
    using H = AccountHandlers;
    return {
        post("/v1/users", on, &H::register_user, Access::anyone(), "Register")
            .refuses(error("email_taken")),
        get("/v1/me", on, &H::show_profile, Access::signed_in(), "Show one's own profile"),
        put("/v1/me", on, &H::edit_profile, Access::signed_in(), "Change one's own profile")
            .versioned()
            .refuses(error("email_fixed")),
        get("/v1/users", on, &H::list, Access::needs("users:read"), "List accounts"),
        get("/v1/users/{user_id}", on, &H::show, Access::needs("users:read"), "Show an account")
            .refuses(error("user_unknown")),
    };
}

http::Routes role_routes(RoleHandlers& on) {
    return {
        put("/v1/users/{user_id}/roles",
            on,
            &RoleHandlers::assign,
            Access::needs("users:assign_roles"),
            "Assign roles")
            .versioned()
            .refuses(error("user_unknown"), error("own_roles"), error("last_admin")),
    };
}

http::Routes operator_routes(RoleHandlers& on) {
    return {
        post("/users/grants", on, &RoleHandlers::grant, Access::anyone(), "Give somebody a role")
            .refuses(error("user_unknown")),
    };
}

http::Routes key_routes(KeyHandlers& on) {
    return {
        get("/.well-known/jwks.json",
            on,
            &KeyHandlers::show,
            Access::anyone(),
            "Show the public keys that check access tokens"),
    };
}

std::vector<Reaction> reactions(SessionReactions& on) {
    return {
        on_every_replica(on, &SessionReactions::session_ended),
        backline::on(on, &SessionReactions::roles_changed),
    };
}

std::vector<Timer> timers(Parts& on, bool feeds_others) {
    std::vector<Timer> timers{
        {"users.ended_sessions",
         Duration{60'000},
         [&on](const bool&) { return on.session_requests.tell_ended(); }},
    };
    if (feeds_others) {
        timers.push_back({"users.ended_session_feed", Duration{2'000}, [&on](const bool&) {
                              return on.session_news.mend_feed();
                          }});
    }
    return timers;
}

Task<store::Versioned<User>> make_account(Parts& on, KnownAccount account) {
    const std::string hash = co_await on.hasher.hash(account.password);
    const Instant now = on.runtime.now().utc;
    const std::uint64_t random1 = on.runtime.random();
    const std::uint64_t random2 = on.runtime.random();
    const UserId id = UserId::from_parts(now, random1, random2);
    const NewUser asked{account.email, account.password, account.name};
    const auto decide = [&](const User*) -> Result<Change<User>> {
        return new_user(id, asked, hash, now);
    };
    const auto made = co_await on.users.update(id, decide);
    const bool taken = !made && made.error().refusal == &error("email_taken");
    co_return taken ? store::Versioned<User>{} : unwrap(made);
}

/// Its roles are those that it begins with until somebody assigns others.
Task<> make_known(Parts& on, KnownAccount account) {
    const store::Key email{email_key(account.email)};
    store::Versioned<User> known = co_await on.users.find_by(users_by_email, email);
    if (!known) known = co_await make_account(on, account);
    if (!known) known = co_await on.users.find_by(users_by_email, email);
    if (known->role_change > 0 || known->roles == account.roles) co_return;
    co_await on.role_requests.begin_with(known->id, account.roles);
}

Task<> start(Parts& on) {
    for (const KnownAccount& account : on.accounts) co_await make_known(on, account);
    co_await on.session_requests.tell_ended();
}

} // namespace

Service make_service(
    Backends backends, Ports ports, Config config, std::vector<KnownAccount> accounts
) {
    auto parts = std::make_shared<Parts>(backends, ports, std::move(config), std::move(accounts));
    return {
        .name = "users",
        .collections = {&users_spec, &guests_spec, &seats_spec, &sessions_spec},
        .routes = http::joined(
            {session_routes(parts->session_requests),
             account_routes(parts->account_requests),
             role_routes(parts->role_requests),
             key_routes(parts->key_requests)}
        ),
        .operator_routes = operator_routes(parts->role_requests),
        .reactions = reactions(parts->session_news),
        .timers = timers(*parts, ports.ended_sessions != nullptr),
        .resync = [&on = *parts] { return on.session_news.resync(); },
        .on_start = [&on = *parts] { return start(on); },
        .refusals = refusals,
        .parts = parts,
    };
}

Service make_session_watch(
    Runtime& runtime,
    security::EndedSessionFeed& feed,
    std::function<void(std::string session, Instant until)> on_session_ended
) {
    auto watch = std::make_shared<SessionWatch>(runtime, feed, std::move(on_session_ended));
    return {
        .name = "session_watch",
        .reactions = {on_every_replica(*watch, &SessionWatch::session_ended)},
        .timers =
            {{"session_watch.feed",
              Duration{1'000},
              [&on = *watch](const bool&) { return on.read_when_due(); }}},
        .resync = [&on = *watch] { return on.resync(); },
        .on_start = [&on = *watch] { return on.start(); },
        .parts = watch,
    };
}

} // namespace backline::users
