#pragma once

#include "apps/backline/config.hpp"
#include "platform/async/runtime.hpp"
#include "platform/async/task.hpp"
#include "platform/http/client.hpp"
#include "platform/observe/log.hpp"
#include "platform/security/tokens.hpp"

namespace backline::app {

/// The keys of access tokens in one process. Where the User Service runs they come from its file; everywhere else the
/// public ones are fetched, now and then again, so that a process can start before the User Service does and hears of
/// new keys.
class AccessKeys final {
public:
    /// `signs`: this process runs the User Service. Throws with one sentence if the file cannot be used.
    AccessKeys(
        Runtime& runtime, const Config& config, bool signs, http::Client& client, observe::Log& log
    );

    [[nodiscard]] const security::TokenSigner& signer() const { return signer_; }

    [[nodiscard]] security::TokenVerifier& verifier() { return verifier_; }

    [[nodiscard]] const std::vector<security::PublicKey>& public_keys() const { return public_; }

    /// False until there are keys to check tokens with.
    [[nodiscard]] bool ready() const { return !public_.empty(); }

    /// Returns as soon as there are keys, or after so long: who has none yet says so at `/readyz`.
    Task<> wait_until_ready(Duration at_most);

    /// Fetches until `stopping`; returns at once where the keys come from a file.
    Task<> fetch_until(const bool& stopping);

private:
    AccessKeys(
        Runtime& runtime,
        const Config& config,
        bool signs,
        http::Client& client,
        observe::Log& log,
        const security::KeyRing& keys
    );

    Task<bool> fetch();

    Runtime& runtime_;
    http::Client& client_;
    observe::Log& log_;
    std::string url_;
    std::vector<security::PublicKey> public_;
    security::TokenSigner signer_;
    security::TokenVerifier verifier_;
};

} // namespace backline::app
