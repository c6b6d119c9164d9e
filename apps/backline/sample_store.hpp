#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/task.hpp"

namespace backline::http {
class Router;
}

namespace backline::security {
class TokenSigner;
}

namespace backline::app {

/// Fills an empty shop with the sample store (`apps/backline/sample_store.json`, built into the program): through the
/// routes, as staff, so that everything is checked as any request is. Every request has its own idempotency key, so
/// that a start after a crash carries on, and a later one changes nothing.
Task<> load_sample_store(
    http::Router& router, Runtime& runtime, const security::TokenSigner& signer
);

} // namespace backline::app
