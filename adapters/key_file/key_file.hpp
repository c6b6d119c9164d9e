#pragma once

#include "platform/security/key_store.hpp"

#include <string>

namespace backline::key_file {

/// The users service's signing keys in one file that only its owner may read (0600). One writer; other processes of
/// the users service may read the same file.
class KeyFile final : public security::KeyStore {
public:
    /// `path` comes from the configuration; its folder exists.
    explicit KeyFile(std::string path) : path_(std::move(path)) {}

    /// See `KeyStore`. Throws too when others than the owner may read the file.
    std::optional<security::KeyRing> load() override;

    /// Replaces the file as a whole: after a crash there is the old one or the new one.
    void save(const security::KeyRing& keys) override;

private:
    std::string path_;
};

} // namespace backline::key_file
