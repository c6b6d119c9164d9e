#pragma once

#include "platform/async/runtime.hpp"
#include "platform/security/ended_session_feed.hpp"
#include "platform/service/service.hpp"
#include "services/users/events.hpp"
#include "services/users/sessions/handlers.hpp"

/// What sessions hear: that one of them ended elsewhere, and that somebody's must end; and what other processes need to
/// hear it, too.
namespace backline::users {

class SessionReactions final {
public:
    /// `feed` may be null: there is no other process.
    SessionReactions(
        SessionHandlers& sessions,
        SessionHandlers::OnEnded on_ended,
        security::EndedSessionFeed* feed
    )
        : sessions_(sessions)
        , on_ended_(std::move(on_ended))
        , feed_(feed) {}

    Task<> session_ended(Message message, SessionEnded event);

    /// Whoever changes roles ends the sessions, too, and sooner, unless a crash comes between.
    Task<> roles_changed(Message message, RolesChanged event);

    /// Events may have been missed.
    Task<> resync();

    /// Makes the feed again if it was lost, or may lack something.
    Task<> mend_feed();

private:
    SessionHandlers& sessions_;
    SessionHandlers::OnEnded on_ended_;
    security::EndedSessionFeed* feed_;
    std::uint64_t missed_ = 0; ///< How often the feed may have missed something,
    std::uint64_t mended_ = 0; ///< and up to which of these it was made again.
};

/// What a process hears of sessions that does not run the User Service. On the bus it hears of all that end from now
/// on; what ended before stands in the feed, which is read again now and then, since what was on the bus before we
/// listened may come to the feed a little later.
class SessionWatch final {
public:
    SessionWatch(
        Runtime& runtime, security::EndedSessionFeed& feed, SessionHandlers::OnEnded on_ended
    )
        : runtime_(runtime)
        , feed_(feed)
        , on_ended_(std::move(on_ended)) {}

    Task<> session_ended(Message message, SessionEnded event);

    /// Reads the feed until that has worked, but not for long: a process starts without it, and what it then does not
    /// know it learns as soon as the feed is back. Until then it admits tokens of sessions that have just ended.
    Task<> start();

    /// Events may have been missed.
    Task<> resync();

    /// Reads the feed if it is time.
    Task<> read_when_due();

private:
    Task<bool> read();

    Runtime& runtime_;
    security::EndedSessionFeed& feed_;
    SessionHandlers::OnEnded on_ended_;
    Monotonic due_{};
};

} // namespace backline::users
