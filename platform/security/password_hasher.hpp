#pragma once

#include "platform/async/task.hpp"
#include "platform/base/secret.hpp"

#include <string>
#include <string_view>

namespace backline::security {

/// The port for turning passwords into what may be stored. `Argon2Hasher` is the real one; the simulator and tests use
/// `memory::CheapHasher`. Loop thread only; both tasks resume on the loop and never block it.
class PasswordHasher {
public:
    PasswordHasher() = default;
    PasswordHasher(const PasswordHasher&) = delete;
    PasswordHasher& operator=(const PasswordHasher&) = delete;
    virtual ~PasswordHasher() = default;

    /// A salted hash that says by itself how it was made (a PHC string). Throws `Unavailable`, `not_done`, when more
    /// passwords wait than are worth waiting for.
    virtual Task<std::string> hash(Secret<std::string> password) = 0;

    /// Whether `password` made `hash`; false too for a hash of unknown form. Throws as `hash` does.
    virtual Task<bool> verify(std::string hash, Secret<std::string> password) = 0;

    /// True if `hash` was made with other parameters than `hash()` uses now: hash the password again at this login.
    [[nodiscard]] virtual bool needs_rehash(const std::string& hash) const = 0;

    /// A hash that no password matches and that takes as long to verify as any: what a login of an unknown user is
    /// compared with, so that its answer takes as long.
    [[nodiscard]] virtual std::string decoy() const = 0;
};

} // namespace backline::security
