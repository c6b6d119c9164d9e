#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The JOSE library (ADR 0015) in the few words that keys and tokens need. Internal to this folder: only jose.cpp sees
/// the vendor's header. Nothing here looks at headers or claims, and nothing ever fetches a key from anywhere.
namespace backline::security::jose {

/// One Ed25519 JSON Web Key, private or public. Immutable, cheap to copy; not shared between threads.
class Key final {
public:
    /// Nothing unless the text is one valid OKP/Ed25519 key.
    [[nodiscard]] static std::optional<Key> from_json(const std::string& json);

    [[nodiscard]] bool is_private() const;
    [[nodiscard]] Key public_half() const;

    /// RFC 7638, SHA-256: the key's own name, the same for both halves.
    [[nodiscard]] std::string thumbprint() const;

    /// The JWK with `kid`, `alg` and `use` added.
    [[nodiscard]] std::string to_json() const;

    /// For jose.cpp.
    struct Vendor;

    explicit Key(std::shared_ptr<Vendor> vendor) : vendor_(std::move(vendor)) {}

    [[nodiscard]] Vendor& vendor() const { return *vendor_; }

private:
    std::shared_ptr<Vendor> vendor_;
};

/// A JWK set of these keys.
[[nodiscard]] std::string to_key_set(const std::vector<Key>& keys);

/// The keys of a JWK set, in its order. Nothing if it is not a key set or one of its keys is not Ed25519.
[[nodiscard]] std::optional<std::vector<Key>> from_key_set(const std::string& json);

/// A compact JWS with header `{"alg":"EdDSA","typ":type,"kid":thumbprint}`.
[[nodiscard]] std::string sign(const Key& key, std::string_view type, std::string_view payload);

/// True if the compact JWS carries a valid EdDSA signature of `key`, whatever its header says of other keys.
[[nodiscard]] bool signature_holds(const Key& key, std::string_view token);

} // namespace backline::security::jose
