#include "platform/security/digest.hpp"

#include "platform/security/base64url.hpp"

#include <sodium.h>

#include <array>
#include <cstdint>

namespace backline::security {

std::string digest(std::string_view text) {
    std::array<std::uint8_t, crypto_hash_sha256_BYTES> bytes{};
    crypto_hash_sha256(
        bytes.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size()
    );
    return to_base64url(bytes);
}

} // namespace backline::security
