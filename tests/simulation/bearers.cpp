#include "tests/simulation/bearers.hpp"

#include "services/users/accounts/model.hpp"

namespace backline::simulation {

namespace {

constexpr std::string_view staff = "staff.";
constexpr std::string_view session = "ses_simulated";

} // namespace

Bearers::Bearers() : key_(security::SigningKey::from_seed({})), signer_(key_, {}) {
    forget_ended();
}

void Bearers::forget_ended() {
    verifier_ = std::make_unique<security::TokenVerifier>(
        std::vector{key_.public_key()}, security::TokenRules{}
    );
}

Result<security::Principal> Bearers::authenticate(std::string_view token, Instant now) {
    if (token.starts_with(staff)) {
        const List<users::Role, 3> roles{users::Role::staff};
        return security::Principal{
            std::string(token.substr(staff.size())),
            std::string(session),
            users::permissions_of(roles)
        };
    }
    if (users::CustomerId::parse(token)) {
        return security::Principal{std::string(token), std::string(session)};
    }
    return verifier_->authenticate(token, now);
}

} // namespace backline::simulation
