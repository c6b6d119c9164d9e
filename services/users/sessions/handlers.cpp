#include "services/users/sessions/handlers.hpp"

#include "platform/security/opaque_token.hpp"
#include "services/users/errors.hpp"

namespace backline::users {

namespace {

/// How long the last access token of a session that ends now can still be presented.
Instant tokens_expire_at(Instant now) {
    return now + security::access_lifetime_max + security::leeway_max;
}

/// A refresh token as it is told: which session, and the secret that lives in it.
struct Presented {
    SessionId session;
    std::string hash;
};

std::optional<Presented> presented(const std::string& text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string::npos) return std::nullopt;
    const auto session = SessionId::parse(std::string_view(text).substr(0, dot));
    const auto hash = security::opaque_token_hash(std::string_view(text).substr(dot + 1));
    if (!session || !hash) return std::nullopt;
    return Presented{*session, *hash};
}

[[noreturn]] void refuse_token() {
    throw Refused({&error("refresh_token_invalid"), "Log in again."});
}

} // namespace

Task<http::Created<Tokens>> SessionHandlers::log_in(http::Context& ctx, LogIn body) {
    const store::Versioned<User> user = co_await throttled(ctx, std::move(body));
    const CustomerId customer = CustomerId::of(user->id.text());
    const Tokens tokens = co_await open(ctx, customer, user->role_change);
    co_return http::Created<Tokens>{tokens, "/v1/me"};
}

Task<http::Created<Tokens>> SessionHandlers::begin_as_guest(http::Context& ctx) {
    const CustomerId guest = CustomerId::of(ctx.new_id<GuestId>().text());
    const Tokens tokens = co_await open(ctx, guest, 0);
    co_return http::Created<Tokens>{tokens, "/v1/me"};
}

/// The roles are read first: a token that is used up must be answered, and whoever changes them later ends the session.
Task<Tokens> SessionHandlers::refresh(http::Context& ctx, Refresh body) {
    const std::optional<Presented> token = presented(body.refresh_token.reveal());
    if (!token) refuse_token();
    std::optional<SessionCopy> copy = co_await copies_.find(token->session);
    std::optional<CustomerId> owner;
    if (copy) {
        owner = copy->session.customer;
    } else {
        owner = co_await owner_of(token->session);
    }
    const List<Role, 3> roles = co_await roles_of(*owner);
    const security::OpaqueToken next = security::make_opaque_token(runtime_);
    const Instant now = ctx.now.utc;
    const auto decide = [&](const Session* session) {
        return rotate(session, token->hash, next.hash, now, tokens_expire_at(now));
    };
    store::Terms terms;
    if (copy) terms.copy = std::move(copy->document);
    const auto session = co_await sessions_.update(
        token->session, decide, {ctx.request.traceparent}, std::move(terms)
    );
    const Session& rotated = *unwrap(session);
    if (rotated.refuse_tokens_until) on_ended_(rotated.id.text(), *rotated.refuse_tokens_until);
    if (over(rotated, now) || rotated.token_hash != next.hash) refuse_token();
    co_await copies_.keep(sessions_.copy_of(token->session));
    co_return tokens_of(rotated, roles, next.text.reveal(), now);
}

Task<CustomerId> SessionHandlers::owner_of(SessionId id) {
    const store::Versioned<Session> known = co_await sessions_.find(id);
    if (!known) refuse_token();
    co_return known->customer;
}

Task<http::NoContent> SessionHandlers::log_out(http::Context& ctx) {
    const auto session = SessionId::parse(ctx.principal.session);
    if (session) co_await end_one(*session, {ctx.request.traceparent});
    co_return http::NoContent{};
}

Task<> SessionHandlers::end_older(UserId user, std::int64_t role_change, store::Cause cause) {
    const Instant now = runtime_.now().utc;
    store::Range range{.index = sessions_by_customer, .equals = {user.text()}, .limit = 100};
    while (true) {
        const auto slice = co_await sessions_.page(range);
        require(slice);
        for (const auto& session : slice->items) {
            const bool older = session->role_change < role_change;
            if (older && !over(*session, now)) co_await end_one(session->id, cause);
        }
        if (!slice->next) co_return;
        range.after = *slice->next;
    }
}

Task<> SessionHandlers::end_one(SessionId id, store::Cause cause) {
    const Instant now = runtime_.now().utc;
    const Instant until = tokens_expire_at(now);
    const auto decide = [&](const Session* session) -> Result<Change<Session>> {
        return session ? end(*session, now, until) : Change<Session>::nothing();
    };
    co_await sessions_.update(id, decide, std::move(cause));
    on_ended_(id.text(), until);
}

Task<> SessionHandlers::tell_ended() {
    std::vector<security::EndedSession> sessions = co_await ended();
    for (security::EndedSession& each : sessions) on_ended_(std::move(each.session), each.until);
}

Task<std::vector<security::EndedSession>> SessionHandlers::ended() {
    std::vector<security::EndedSession> sessions;
    const std::int64_t now = runtime_.now().utc.time_since_epoch().count();
    store::Range range{.index = sessions_by_refusal, .from = now, .limit = 500};
    while (true) {
        const auto slice = co_await sessions_.page(range);
        require(slice);
        for (const auto& session : slice->items) {
            sessions.push_back({session->id.text(), *session->refuse_tokens_until});
        }
        if (!slice->next) co_return sessions;
        range.after = *slice->next;
    }
}

Task<store::Versioned<User>> SessionHandlers::throttled(http::Context& ctx, LogIn body) {
    const Try attempt{email_key(body.email), ctx.request.remote};
    const Duration wait = co_await throttle_.take(attempt);
    if (wait > Duration{0}) {
        throw Refused({&error("too_many_tries"), "Wait before the next try.", {}, wait});
    }
    store::Versioned<User> user;
    std::exception_ptr away;
    try {
        user = co_await verified(std::move(body));
    } catch (const Unavailable&) {
        away = std::current_exception();
    }
    if (away) {
        co_await throttle_.give_back(attempt);
        std::rethrow_exception(away);
    }
    co_await throttle_.succeeded(attempt);
    co_return user;
}

Task<store::Versioned<User>> SessionHandlers::verified(LogIn body) {
    const store::Versioned<User> user =
        co_await users_.find_by(users_by_email, {email_key(body.email)});
    const std::string hash = user ? user->password_hash.reveal() : hasher_.decoy();
    const bool right = co_await hasher_.verify(hash, body.password);
    if (!user || !right) {
        throw Refused({&error("credentials_wrong"), "Check the address and the password."});
    }
    if (!hasher_.needs_rehash(hash)) co_return user;
    const std::string better = co_await hasher_.hash(body.password);
    const auto decide = [&](const User* known) -> Result<Change<User>> {
        return rehash(*known, better);
    };
    const auto rehashed = co_await users_.update(user->id, decide);
    co_return unwrap(rehashed);
}

/// The roles are read once the session is there: whoever changes them later finds it, and ends it. `role_change` is of
/// before, so a session that a change meets halfway is ended though it has the new ones.
Task<Tokens> SessionHandlers::open(
    http::Context& ctx, CustomerId customer, std::int64_t role_change
) {
    const security::OpaqueToken token = security::make_opaque_token(runtime_);
    const SessionId id = ctx.new_id<SessionId>();
    const Instant now = ctx.now.utc;
    const Duration lives_for = std::chrono::days{config_.session_days.value()};
    const auto decide = [&](const Session*) -> Result<Change<Session>> {
        return new_session(id, customer, token.hash, now, lives_for, role_change);
    };
    const auto session =
        co_await sessions_.update(id, decide, {ctx.request.traceparent}, {.creates = true});
    const List<Role, 3> roles = co_await roles_of(customer);
    co_return tokens_of(*unwrap(session), roles, token.text.reveal(), now);
}

/// As they are now: a refreshed token carries what was assigned meanwhile.
Task<List<Role, 3>> SessionHandlers::roles_of(CustomerId customer) {
    const auto id = UserId::parse(customer.text());
    if (!id) co_return List<Role, 3>{};
    const store::Versioned<User> user = co_await users_.find(*id);
    co_return user ? user->roles : List<Role, 3>{};
}

Tokens SessionHandlers::tokens_of(
    const Session& session, const List<Role, 3>& roles, const std::string& secret, Instant now
) const {
    const security::Principal principal{
        session.customer.text(), session.id.text(), permissions_of(roles)
    };
    const security::AccessToken access = signer_.issue(principal, now);
    return {
        session.id,
        session.customer,
        roles,
        access.text,
        access.expires_at,
        session.id.text() + "." + secret,
        session.expires_at
    };
}

} // namespace backline::users
