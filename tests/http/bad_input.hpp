#pragma once

#include "platform/http/routes.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

/// Bad input to every route, made from the route table, so that no route can be forgotten:
///
///     const BadInputReport report = send_bad_input(router.routes(), pages.refusals(), tokens, send);
///     EXPECT_GT(report.requests, 1000);
///     EXPECT_THAT(report.wrong, testing::IsEmpty());
namespace backline::http_tests {

/// Valid access tokens of the system under test.
struct Tokens {
    std::string everything; ///< Holds every permission that any route asks for.
    std::string nothing;    ///< Holds none.
};

/// Hands a request to the system, in process or over a socket.
using Send = std::function<http::Response(http::Request)>;

struct BadInputReport {
    std::size_t requests = 0;
    std::vector<std::string> wrong{
    }; ///< One sentence per request that was not refused as it should have been.
};

/// For each route: bodies that are malformed, of the wrong shape, with each field missing, unknown, of a wrong type or
/// out of its limits, too large, of another content type; no token, a forged one, one without the permission; paths
/// that name nothing; unknown, repeated and unfit query parameters; missing and bad Idempotency-Key and If-Match; and,
/// with all of that good, ids that do not exist. Every answer must be a problem of `catalogue` with the right status
/// and, for 422, the right pointer; no answer may be 5xx.
BadInputReport send_bad_input(
    const std::vector<const http::Route*>& routes,
    const std::vector<const Refusal*>& catalogue,
    const Tokens& tokens,
    const Send& send
);

} // namespace backline::http_tests
