#pragma once

#include "platform/cache/cache.hpp"
#include "platform/observe/log.hpp"
#include "platform/security/ended_session_feed.hpp"
#include "platform/security/password_hasher.hpp"
#include "platform/security/rate_limiter.hpp"
#include "platform/security/tokens.hpp"
#include "platform/service/service.hpp"
#include "services/users/accounts/api.hpp"
#include "services/users/config.hpp"

#include <functional>
#include <string>
#include <vector>

namespace backline::users {

/// An account that exists from the first start on: the demo's.
struct KnownAccount {
    Email email;
    Secret<std::string> password;
    PersonName name;
    List<Role, 3> roles;
};

/// What the User Service needs beside the backends. References outlive the service.
struct Ports {
    security::PasswordHasher& hasher;
    const security::TokenSigner& signer;
    std::vector<security::PublicKey> public_keys; ///< What the world may check its tokens with.
    /// Told of every session whose access tokens must be refused until then; in every replica.
    std::function<void(std::string session, Instant until)> on_session_ended;
    observe::Log& log; ///< Who made whom what.
    /// What counts tries to log in for all replicas; null: each counts its own.
    security::RateLimiter* limiter = nullptr;
    /// Where processes look that run other services (`make_session_watch`); null: there are none.
    security::EndedSessionFeed* ended_sessions = nullptr;
    /// Where replicas keep copies of sessions for each other (`SessionCopies`); null: each reads the store.
    cache::Cache* session_copies = nullptr;
};

/// The User Service on these backends. See `service.cpp`, its map.
[[nodiscard]] Service make_service(
    Backends backends, Ports ports, Config config, std::vector<KnownAccount> accounts = {}
);

/// What a process runs beside its services if the User Service is none of them: hears which sessions end, and reads
/// which have ended before it listened. See `SessionWatch`.
[[nodiscard]] Service make_session_watch(
    Runtime& runtime,
    security::EndedSessionFeed& feed,
    std::function<void(std::string session, Instant until)> on_session_ended
);

} // namespace backline::users
