#include "services/users/keys/handlers.hpp"

#include "platform/schema/json.hpp"

namespace backline::users {

KeyHandlers::KeyHandlers(const std::vector<security::PublicKey>& keys)
    : set_(unwrap(schema::read<JwkSet>(security::to_jwks(keys), schema::Reading::tolerant))) {}

Task<JwkSet> KeyHandlers::show(http::Context& ctx) {
    ctx.add_header("Cache-Control", "public, max-age=300");
    co_return set_;
}

} // namespace backline::users
