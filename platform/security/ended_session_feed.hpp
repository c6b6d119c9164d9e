#pragma once

#include "platform/async/task.hpp"
#include "platform/base/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace backline::security {

/// A session whose access tokens must be refused until then.
struct EndedSession {
    std::string session;
    Instant until{};

    bool operator==(const EndedSession&) const = default;
};

/// The list of sessions that ended a short while ago, for processes that were not there to hear it on the bus. The
/// truth lies in the users service's store: it keeps the list, and makes it again when it was lost. A list says of
/// itself whether it is whole, so that nobody takes one that was flushed for the news that no session has ended.
///
/// Loop thread only. Never throws: a list that is away cannot be read and takes nothing.
class EndedSessionFeed {
public:
    EndedSessionFeed() = default;
    EndedSessionFeed(const EndedSessionFeed&) = delete;
    EndedSessionFeed& operator=(const EndedSessionFeed&) = delete;
    virtual ~EndedSessionFeed() = default;

    /// Adds one. False: perhaps not.
    virtual Task<bool> publish(EndedSession ended) = 0;

    /// Adds them all, and says that with them, and what is published from now on, the list is whole. Either all of it
    /// is done or none. False: perhaps not.
    virtual Task<bool> restore(std::vector<EndedSession> all) = 0;

    /// Whether the list is there, and whole.
    virtual Task<bool> whole() = 0;

    /// What is on the list and still matters. Nothing if it cannot be read, or is not whole.
    virtual Task<std::optional<std::vector<EndedSession>>> all() = 0;
};

} // namespace backline::security
