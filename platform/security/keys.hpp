#pragma once

#include "platform/async/runtime.hpp"
#include "platform/security/jose.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The keys that sign access tokens and the public halves that every service checks them with.
namespace backline::security {

/// A public Ed25519 key under its name. What `/.well-known/jwks.json` shows and `TokenVerifier` takes.
class PublicKey final {
public:
    explicit PublicKey(jose::Key key) : id_(key.thumbprint()), key_(std::move(key)) {}

    /// The `kid` of the tokens that it verifies.
    [[nodiscard]] const std::string& id() const { return id_; }

    [[nodiscard]] const jose::Key& key() const { return key_; }

private:
    std::string id_;
    jose::Key key_;
};

/// The JWK set that the world may see; never a private part.
[[nodiscard]] std::string to_jwks(const std::vector<PublicKey>& keys);

/// Reads a JWK set that another process published. Nothing if it is no key set, holds a key of another kind, or holds a
/// private key (then whoever sent it has a bug that must be seen).
[[nodiscard]] std::optional<std::vector<PublicKey>> from_jwks(const std::string& json);

/// A private Ed25519 key. Only the users service holds one.
class SigningKey final {
public:
    using Seed = std::array<std::uint8_t, 32>;

    /// The key pair of a seed, always the same one.
    [[nodiscard]] static SigningKey from_seed(const Seed& seed);

    /// A new key from the runtime's randomness.
    [[nodiscard]] static SigningKey generate(Runtime& runtime);

    [[nodiscard]] const std::string& id() const { return id_; }

    [[nodiscard]] PublicKey public_key() const { return PublicKey(key_.public_half()); }

    [[nodiscard]] const jose::Key& key() const { return key_; }

    /// For `KeyRing`; `key` is private.
    explicit SigningKey(jose::Key key);

private:
    std::string id_;
    jose::Key key_;
};

/// The signing keys of one shop, newest first: the first signs, the others are still believed until they are dropped.
/// To rotate: `add` a key, wait until every verifier has the new JWK set, sign with it from the next start, and `drop`
/// the old one when its last token has expired.
class KeyRing final {
public:
    explicit KeyRing(SigningKey first) { keys_.push_back(std::move(first)); }

    [[nodiscard]] const SigningKey& current() const { return keys_.front(); }

    [[nodiscard]] std::vector<PublicKey> public_keys() const;

    void add(SigningKey newest);

    /// Forgets all but the `kept` newest keys (at least one).
    void drop_old(std::size_t kept);

    /// A private JWK set: the content of the key file. Never log it.
    [[nodiscard]] std::string to_secret_json() const;

    /// Nothing unless the text is a set of at least one private Ed25519 key and each of them can sign.
    [[nodiscard]] static std::optional<KeyRing> from_secret_json(const std::string& json);

private:
    KeyRing() = default;

    std::vector<SigningKey> keys_;
};

} // namespace backline::security
