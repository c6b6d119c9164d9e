#pragma once

#include "platform/async/runtime.hpp"
#include "platform/base/problem.hpp"
#include "platform/base/time.hpp"
#include "platform/http/message.hpp"
#include "platform/http/request_headers.hpp"
#include "platform/security/access.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace backline::http {

/// Refuses who does not have this permission, as a route that needs it does: 401 `token_missing` without a token, 403
/// `permission_missing` with one. For what only a part of a route's answers demands.
void require_permission(const security::Principal& who, std::string_view permission);

/// What a request says beside its parameters, already checked by the router.
struct RequestFacts {
    std::string id{
    }; ///< `req_…`: in the log, in every problem as `instance`, in the answer's `Request-Id`.
    std::string traceparent{}; ///< W3C trace context of this request; goes on into events.
    std::string remote{
    }; ///< The client's address (see `client_of`): for limits; never stored or logged.
    Monotonic deadline{}; ///< When the caller is told that the answer did not come in time.
    std::optional<std::string> idempotency_key{};
    IfMatch if_match{};
};

/// What a handler is given of the request, and the few things it may say about the answer beside its value. Owned by
/// the router, which keeps it until the handler is done. Loop thread only.
class Context final {
public:
    Context(Runtime& machine, security::Principal who, RequestFacts facts)
        : runtime(machine)
        , now(machine.now())
        , principal(std::move(who))
        , request(std::move(facts)) {}

    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() = default;

    Runtime& runtime;
    const Now now; ///< When the handling of the request began: one request, one time.
    const security::Principal principal;
    const RequestFacts request;

    /// A new id: `const auto order = ctx.new_id<OrderId>()`.
    template <class Id> [[nodiscard]] Id new_id() {
        const std::uint64_t random1 = runtime.random();
        const std::uint64_t random2 = runtime.random();
        return Id::from_parts(now.utc, random1, random2);
    }

    /// The caller's key. Routes marked `.idempotent()` have one for certain; elsewhere refuses with 400
    /// `idempotency_key_missing`.
    [[nodiscard]] const std::string& require_idempotency_key() const;

    /// For what nobody may change unseen: refuses with 428 `version_required` if the caller sent no `If-Match`. Whether
    /// its version is the current one is for the update to see: `store::Terms::version`.
    void require_version() const;

    /// The answer's `ETag`. Not needed for a view that has a field `version`: the router takes it from there.
    void etag(std::int64_t version);

    /// Adds a header to the answer, if there is one other than a problem.
    void add_header(std::string name, std::string value);

    /// For the router: the headers that the handler asked for.
    [[nodiscard]] const Headers& headers() const { return headers_; }

private:
    Headers headers_;
};

} // namespace backline::http
