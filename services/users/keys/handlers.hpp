#pragma once

#include "platform/async/task.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/security/keys.hpp"
#include "services/users/keys/api.hpp"

/// Requests about the keys that tokens are checked with.
namespace backline::users {

class KeyHandlers final {
public:
    explicit KeyHandlers(const std::vector<security::PublicKey>& keys);

    /// For whoever checks our tokens without asking us: may be kept for five minutes.
    Task<JwkSet> show(http::Context& ctx);

private:
    JwkSet set_;
};

} // namespace backline::users
