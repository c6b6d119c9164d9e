#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/users/sessions/api.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>

/// Decisions about sessions. A session is a family of refresh tokens of which one lives: using it makes the next one,
/// and using one that was used before ends the family, since either the owner or a thief has an old copy (RFC 9700).
/// Pure.
namespace backline::users {

struct Session {
    SessionId id;
    CustomerId customer;
    std::string token_hash; ///< Of the one refresh token that lives.
    Instant started_at{};
    Instant expires_at{};
    std::int64_t role_change = 0; ///< Of the roles that it began with, or of older ones.
    /// Set when it ended before its time: until when its access tokens must be refused.
    std::optional<Instant> refuse_tokens_until{};
};
BOOST_DESCRIBE_STRUCT(
    Session,
    (),
    (id, customer, token_hash, started_at, expires_at, role_change, refuse_tokens_until)
)

[[nodiscard]] Change<Session> new_session(
    SessionId id,
    const CustomerId& customer,
    std::string token_hash,
    Instant now,
    Duration lives_for,
    std::int64_t role_change
);

/// The token with hash `presented` is used up and `next` takes its place. One that does not live ends the session: the
/// change is its end, so look at the outcome. Refuses `refresh_token_invalid` for a session that is over.
Result<Change<Session>> rotate(
    const Session* session,
    const std::string& presented,
    const std::string& next,
    Instant now,
    Instant tokens_expire_at
);

/// Ends it at once. Nothing if it is over.
Change<Session> end(const Session& session, Instant now, Instant tokens_expire_at);

[[nodiscard]] bool over(const Session& session, Instant now);

} // namespace backline::users
