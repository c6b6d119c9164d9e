#include "services/users/sessions/model.hpp"

#include "services/users/errors.hpp"

namespace backline::users {

Change<Session> new_session(
    SessionId id,
    const CustomerId& customer,
    std::string token_hash,
    Instant now,
    Duration lives_for,
    std::int64_t role_change
) {
    return Change<Session>::to(
        {id, customer, std::move(token_hash), now, now + lives_for, role_change}
    );
}

bool over(const Session& session, Instant now) {
    return session.refuse_tokens_until.has_value() || session.expires_at <= now;
}

Change<Session> end(const Session& session, Instant now, Instant tokens_expire_at) {
    if (over(session, now)) return Change<Session>::nothing();
    Session next = session;
    next.refuse_tokens_until = tokens_expire_at;
    return Change<Session>::to(std::move(next)).raise(SessionEnded{session.id, tokens_expire_at});
}

Result<Change<Session>> rotate(
    const Session* session,
    const std::string& presented,
    const std::string& next,
    Instant now,
    Instant tokens_expire_at
) {
    if (session == nullptr || over(*session, now)) {
        return refuse(error("refresh_token_invalid"), "Its session is over.");
    }
    if (session->token_hash != presented) return end(*session, now, tokens_expire_at);
    Session rotated = *session;
    rotated.token_hash = next;
    return Change<Session>::to(std::move(rotated));
}

} // namespace backline::users
