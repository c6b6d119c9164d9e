#pragma once

#include "platform/base/list.hpp"
#include "platform/base/secret.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/users/accounts/api.hpp"
#include "services/users/events.hpp"

#include <boost/describe/class.hpp>

#include <string>

/// What crosses HTTP about sessions.
namespace backline::users {

/// `POST /v1/sessions`
struct LogIn {
    Email email;
    Secret<std::string> password;
};
BOOST_DESCRIBE_STRUCT(LogIn, (), (email, password))

/// `POST /v1/sessions/refresh`
struct Refresh {
    Secret<std::string> refresh_token;
};
BOOST_DESCRIBE_STRUCT(Refresh, (), (refresh_token))

/// Whoever has these is that customer. The refresh token is good for one use.
struct Tokens {
    SessionId session;
    CustomerId customer;
    List<Role, 3> roles;
    std::string access_token; ///< For `Authorization: Bearer`.
    Instant access_token_expires_at{};
    std::string refresh_token;
    Instant session_expires_at{};
};
BOOST_DESCRIBE_STRUCT(
    Tokens,
    (),
    (session,
     customer,
     roles,
     access_token,
     access_token_expires_at,
     refresh_token,
     session_expires_at)
)

} // namespace backline::users
