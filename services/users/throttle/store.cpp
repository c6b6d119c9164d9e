#include "services/users/throttle/store.hpp"

namespace backline::users {

namespace {

using security::Limit;
using security::LimitRule;
using security::Patience;

constexpr Patience with_guesses{
    .longest = std::chrono::minutes{5}, .forgotten_after = std::chrono::hours{24}
};

/// More for a client: a whole office may sit behind one address.
constexpr LimitRule by_client{
    "log_in.client",
    {.free = 20,
     .longest = std::chrono::minutes{1},
     .failures_max = 1'000,
     .forgotten_after = std::chrono::hours{1}}
};

/// By strangers.
constexpr LimitRule by_account{"log_in.account", with_guesses};

/// By clients that the account was logged into from.
constexpr LimitRule by_device{"log_in.device", with_guesses};

Limit device_of(const Try& attempt) {
    return {&by_device, attempt.account + ' ' + attempt.client};
}

} // namespace

Task<std::vector<Limit>> LogInThrottle::limits_of(Try attempt) {
    const bool known = co_await limiter_.knows(device_of(attempt));
    co_return std::vector<Limit>{
        {&by_client, attempt.client},
        known ? device_of(attempt) : Limit{&by_account, attempt.account}
    };
}

Task<Duration> LogInThrottle::take(Try attempt) {
    std::vector<Limit> limits = co_await limits_of(std::move(attempt));
    co_return co_await limiter_.take(std::move(limits));
}

Task<> LogInThrottle::succeeded(Try attempt) {
    co_await give_back(attempt);
    co_await limiter_.clear(device_of(attempt));
}

Task<> LogInThrottle::give_back(Try attempt) {
    std::vector<Limit> limits = co_await limits_of(std::move(attempt));
    co_await limiter_.give_back(std::move(limits));
}

} // namespace backline::users
