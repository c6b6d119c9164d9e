#pragma once

#include "platform/security/tokens.hpp"

#include <memory>

namespace backline::simulation {

/// Who asks. Real access tokens are what users signs and checks; where sessions are not what matters, a bearer is the
/// customer's own id, or `staff.` and a name: no signature has to be made for every cart.
class Bearers final : public security::Authenticator {
public:
    Bearers();

    Result<security::Principal> authenticate(std::string_view token, Instant now) override;

    [[nodiscard]] const security::TokenSigner& signer() const { return signer_; }

    [[nodiscard]] security::PublicKey public_key() const { return key_.public_key(); }

    /// A process has started that remembers no ended session.
    void forget_ended();

    void end_session(std::string session, Instant until) {
        verifier_->end_session(std::move(session), until);
    }

private:
    security::SigningKey key_;
    security::TokenSigner signer_;
    std::unique_ptr<security::TokenVerifier> verifier_;
};

} // namespace backline::simulation
