#pragma once

#include "platform/async/wait.hpp"
#include "platform/security/password_hasher.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace backline::memory {

/// A password "hash" for tests and the simulator: nothing secret about it, the same on every machine, and answered on
/// the next turn of the loop. Never for a shop.
class CheapHasher final : public security::PasswordHasher {
public:
    explicit CheapHasher(Runtime& runtime) : runtime_(runtime) {}

    Task<std::string> hash(Secret<std::string> password) override {
        co_await turn(runtime_);
        co_return hash_of(password.reveal());
    }

    Task<bool> verify(std::string hash, Secret<std::string> password) override {
        co_await turn(runtime_);
        co_return hash == hash_of(password.reveal());
    }

    [[nodiscard]] bool needs_rehash(const std::string& hash) const override {
        return !hash.starts_with(prefix);
    }

    [[nodiscard]] std::string decoy() const override { return std::string(prefix); }

private:
    static constexpr std::string_view prefix = "$cheap$";

    /// FNV-1a.
    static std::string hash_of(std::string_view password) {
        std::uint64_t mixed = 0xcbf29ce484222325;
        for (const char each : password) {
            mixed = (mixed ^ static_cast<unsigned char>(each)) * 0x100000001b3;
        }
        return std::string(prefix) + std::to_string(mixed);
    }

    Runtime& runtime_;
};

} // namespace backline::memory
