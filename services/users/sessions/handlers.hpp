#pragma once

#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/security/ended_session_feed.hpp"
#include "platform/security/password_hasher.hpp"
#include "platform/security/tokens.hpp"
#include "services/users/accounts/store.hpp"
#include "services/users/config.hpp"
#include "services/users/sessions/store.hpp"
#include "services/users/throttle/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Requests about sessions, and what the service does about those that ended.
namespace backline::users {

class SessionHandlers final {
public:
    /// Told, in every replica, of each session whose access tokens must be refused until then.
    using OnEnded = std::function<void(std::string session, Instant until)>;

    SessionHandlers(
        Runtime& runtime,
        SessionCollection& sessions,
        UserCollection& users,
        security::PasswordHasher& hasher,
        const security::TokenSigner& signer,
        security::RateLimiter& limiter,
        cache::Cache* copies,
        OnEnded on_ended,
        const Config& config
    )
        : runtime_(runtime)
        , sessions_(sessions)
        , users_(users)
        , hasher_(hasher)
        , signer_(signer)
        , on_ended_(std::move(on_ended))
        , config_(config)
        , throttle_(limiter)
        , copies_(copies, signer) {}

    /// Takes as long, and says the same, for an unknown address as for a wrong password. Refuses `too_many_tries`
    /// before it looks at the password.
    Task<http::Created<Tokens>> log_in(http::Context& ctx, LogIn body);

    /// A customer without an account: owns a cart and orders as anybody does.
    Task<http::Created<Tokens>> begin_as_guest(http::Context& ctx);

    /// One use of a refresh token. Of several at once at most one wins, and its session is over all the same.
    Task<Tokens> refresh(http::Context& ctx, Refresh body);

    Task<http::NoContent> log_out(http::Context& ctx);

    /// Ends every session of a user that began with roles of an earlier change, so that new permissions take hold.
    Task<> end_older(UserId user, std::int64_t role_change, store::Cause cause);

    /// Tells `on_ended` of all that still matter; what a replica that has just started does not know.
    Task<> tell_ended();

    /// All that still matter, as of now or later.
    Task<std::vector<security::EndedSession>> ended();

private:
    Task<Tokens> open(http::Context& ctx, CustomerId customer, std::int64_t role_change);
    Task<List<Role, 3>> roles_of(CustomerId customer);
    Task<CustomerId> owner_of(SessionId id);
    Task<store::Versioned<User>> throttled(http::Context& ctx, LogIn body);
    Task<store::Versioned<User>> verified(LogIn body);
    Task<> end_one(SessionId id, store::Cause cause);
    [[nodiscard]] Tokens tokens_of(
        const Session& session, const List<Role, 3>& roles, const std::string& secret, Instant now
    ) const;

    Runtime& runtime_;
    SessionCollection& sessions_;
    UserCollection& users_;
    security::PasswordHasher& hasher_;
    const security::TokenSigner& signer_;
    OnEnded on_ended_;
    const Config& config_;
    LogInThrottle throttle_;
    SessionCopies copies_;
};

} // namespace backline::users
