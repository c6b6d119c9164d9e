#pragma once

#include "platform/security/rate_limiter.hpp"

#include <string>

/// What is kept about tries to log in. Not in the store: see `security::RateLimiter`.
namespace backline::users {

/// Somebody who gives a password.
struct Try {
    std::string account; ///< By its mailbox, whether there is such an account or not.
    std::string client;  ///< The address that it comes from.
};

/// Slows down whoever guesses passwords: by account, so that many addresses do not help, and by client, so that many
/// accounts do not. Where an account was logged into before, it has a count of its own: strangers who guess at an
/// account stop other strangers, not its owner.
class LogInThrottle final {
public:
    explicit LogInThrottle(security::RateLimiter& limiter) : limiter_(limiter) {}

    /// How long it has to wait; zero: it goes ahead, and counts as failed until something else is said, so that many
    /// at once are no more than one after the other.
    Task<Duration> take(Try attempt);

    /// The password was the right one.
    Task<> succeeded(Try attempt);

    /// The password was never looked at.
    Task<> give_back(Try attempt);

private:
    Task<std::vector<security::Limit>> limits_of(Try attempt);

    security::RateLimiter& limiter_;
};

} // namespace backline::users
