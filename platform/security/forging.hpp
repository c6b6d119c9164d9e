#pragma once

#include "platform/base/invariant.hpp"
#include "platform/security/base64url.hpp"
#include "platform/security/tokens.hpp"

#include <sodium.h>

#include <array>
#include <string>
#include <string_view>

/// For the tests of this folder: tokens made by an independent implementation, however wrong.
namespace backline::security {

inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string encoded(std::string_view text) {
    return to_base64url(bytes_of(text));
}

/// Signs whatever it is given, as an attacker with the key (or a buggy issuer) could.
inline std::string forged(
    std::string_view header, std::string_view claims, const SigningKey::Seed& seed
) {
    std::array<std::uint8_t, 32> open{};
    std::array<std::uint8_t, 64> secret{};
    std::array<std::uint8_t, 64> signature{};
    crypto_sign_seed_keypair(open.data(), secret.data(), seed.data());
    const std::string signed_part = encoded(header) + "." + encoded(claims);
    const auto message = bytes_of(signed_part);
    crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), secret.data());
    return signed_part + "." + to_base64url(signature);
}

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    INVARIANT(at != std::string::npos, "a bad case changes something");
    return text.replace(at, from.size(), to);
}

} // namespace backline::security
