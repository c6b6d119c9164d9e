#include "platform/security/keys.hpp"

#include "platform/base/invariant.hpp"
#include "platform/security/base64url.hpp"
#include "platform/security/random.hpp"

#include <sodium.h>

#include <algorithm>

namespace backline::security {

namespace {

/// A damaged key file could hold halves that do not belong together; then every token would be refused.
bool signs(const jose::Key& key) {
    return key.is_private() &&
           jose::signature_holds(key.public_half(), jose::sign(key, "check", "check"));
}

} // namespace

std::string to_jwks(const std::vector<PublicKey>& keys) {
    std::vector<jose::Key> plain;
    for (const PublicKey& key : keys) {
        INVARIANT(!key.key().is_private(), "a private key is never published");
        plain.push_back(key.key());
    }
    return jose::to_key_set(plain);
}

std::optional<std::vector<PublicKey>> from_jwks(const std::string& json) {
    const std::optional<std::vector<jose::Key>> read = jose::from_key_set(json);
    if (!read || std::ranges::any_of(*read, &jose::Key::is_private)) return std::nullopt;
    std::vector<PublicKey> keys;
    for (const jose::Key& key : *read) keys.emplace_back(key);
    return keys;
}

SigningKey::SigningKey(jose::Key key) : id_(key.thumbprint()), key_(std::move(key)) {
    INVARIANT(key_.is_private(), "a signing key has its private part");
}

SigningKey SigningKey::from_seed(const Seed& seed) {
    std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> open{};
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
    crypto_sign_seed_keypair(open.data(), secret.data(), seed.data());
    const std::string json = R"({"kty":"OKP","crv":"Ed25519","x":")" + to_base64url(open) +
                             R"(","d":")" + to_base64url(seed) + R"("})";
    sodium_memzero(secret.data(), secret.size());
    std::optional<jose::Key> key = jose::Key::from_json(json);
    INVARIANT(key.has_value(), "the JOSE library takes a key that libsodium made");
    return SigningKey(std::move(*key));
}

SigningKey SigningKey::generate(Runtime& runtime) {
    return from_seed(random_bytes<32>(runtime));
}

std::vector<PublicKey> KeyRing::public_keys() const {
    std::vector<PublicKey> keys;
    for (const SigningKey& key : keys_) keys.push_back(key.public_key());
    return keys;
}

void KeyRing::add(SigningKey newest) {
    keys_.insert(keys_.begin(), std::move(newest));
}

void KeyRing::drop_old(std::size_t kept) {
    INVARIANT(kept >= 1, "a key ring keeps a key to sign with");
    while (keys_.size() > kept) keys_.pop_back();
}

std::string KeyRing::to_secret_json() const {
    std::vector<jose::Key> plain;
    for (const SigningKey& key : keys_) plain.push_back(key.key());
    return jose::to_key_set(plain);
}

std::optional<KeyRing> KeyRing::from_secret_json(const std::string& json) {
    const std::optional<std::vector<jose::Key>> read = jose::from_key_set(json);
    if (!read || read->empty() || !std::ranges::all_of(*read, signs)) return std::nullopt;
    KeyRing ring;
    for (const jose::Key& key : *read) ring.keys_.emplace_back(key);
    return ring;
}

} // namespace backline::security
