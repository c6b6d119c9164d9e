#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/task.hpp"
#include "platform/http/client.hpp"

#include <string>

namespace backline::security {
class TokenSigner;
}

namespace backline::app {

/// Fills an empty shop with the sample store (`apps/backline/sample_store.json`, built into the program): through the
/// routes, as staff, so that everything is checked as any request is. Every request has its own idempotency key, so
/// that a start after a crash carries on, and a later one changes nothing. The shop answers at `url`. Throws
/// `std::runtime_error` if it does not take the sample store.
Task<> load_sample_store(
    http::Client& client, std::string url, Runtime& runtime, std::string token
);

/// A token for the sample store, of a shop that signs in this process.
[[nodiscard]] std::string loader_token(const security::TokenSigner& signer, Instant now);

} // namespace backline::app
