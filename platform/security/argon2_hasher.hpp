#pragma once

#include "platform/async/runtime.hpp"
#include "platform/security/password_hasher.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace backline::security {

/// OWASP's smallest recommended set for Argon2id with one lane: 19 MiB, two passes. About 30 ms of one core.
struct Argon2Settings {
    std::size_t memory_bytes = 19UL * 1024 * 1024;
    std::uint64_t passes = 2;
    std::size_t waiting_max = 32; ///< Passwords being hashed or waiting to be.

    /// Mixed into every password before it is hashed, and kept outside the database, so that a stolen database alone
    /// cannot be searched. Empty: none. Changing it makes every stored hash useless.
    Secret<std::string> pepper{};
};

/// Argon2id through libsodium. The salt is libsodium's own; the hash is not repeatable, hence not for the simulator.
/// Passwords are bytes: nothing is cut off, a NUL is a character. More than 1,024 bytes match nothing.
class Argon2Hasher final : public PasswordHasher {
public:
    /// `lane` offloads to one thread of low priority (`AsioRuntime::add_lane`), so that a flood of logins takes one
    /// core's leftovers and 19 MiB, no more. It outlives this.
    Argon2Hasher(Runtime& lane, Argon2Settings settings);

    Task<std::string> hash(Secret<std::string> password) override;
    Task<bool> verify(std::string hash, Secret<std::string> password) override;
    [[nodiscard]] bool needs_rehash(const std::string& hash) const override;
    [[nodiscard]] std::string decoy() const override;

    /// Passwords being hashed or waiting to be.
    [[nodiscard]] std::size_t waiting() const { return waiting_; }

private:
    /// Holds a place in the queue; throws `Unavailable` if there is none.
    class Place final {
    public:
        explicit Place(Argon2Hasher& hasher);
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        ~Place() { --hasher_.waiting_; }

    private:
        Argon2Hasher& hasher_;
    };

    [[nodiscard]] std::string peppered(const std::string& password) const;

    Runtime& lane_;
    Argon2Settings settings_;
    std::size_t waiting_ = 0;
};

} // namespace backline::security
