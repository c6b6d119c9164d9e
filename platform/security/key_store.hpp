#pragma once

#include "platform/async/runtime.hpp"
#include "platform/security/keys.hpp"

#include <optional>

namespace backline::security {

/// Where the users service keeps its signing keys between starts. Synchronous: used once, before the loop runs.
class KeyStore {
public:
    KeyStore() = default;
    KeyStore(const KeyStore&) = delete;
    KeyStore& operator=(const KeyStore&) = delete;
    virtual ~KeyStore() = default;

    /// The keys, or nothing if none were ever saved. Throws `std::runtime_error` with a sentence for the operator when
    /// they are there but cannot be used.
    virtual std::optional<KeyRing> load() = 0;

    /// Durable, and readable by this user only, when it returns. Throws `std::runtime_error`.
    virtual void save(const KeyRing& keys) = 0;
};

/// The saved keys; on the very first start a new key, saved.
[[nodiscard]] inline KeyRing load_or_make_keys(KeyStore& store, Runtime& runtime) {
    if (std::optional<KeyRing> saved = store.load()) return *std::move(saved);
    KeyRing made(SigningKey::generate(runtime));
    store.save(made);
    return made;
}

} // namespace backline::security
