#pragma once

#include "platform/base/problem.hpp"
#include "platform/base/time.hpp"
#include "platform/http/context.hpp"
#include "platform/schema/json.hpp"
#include "platform/store/collection.hpp"

#include <boost/describe/class.hpp>

#include <string>
#include <string_view>

namespace backline {

/// The first use of one `Idempotency-Key` by one caller on one route: what was asked, and the id that the thing made of
/// it has. Written before that thing, so that a repetition finds the same id, whatever happened in between.
struct IdempotencyKey {
    std::string fingerprint; ///< Of the request.
    std::string minted;      ///< The id, as text.
    Instant created_at{};
};
BOOST_DESCRIBE_STRUCT(IdempotencyKey, (), (fingerprint, minted, created_at))

inline constexpr std::array idempotency_refusals{
    Refusal{
        .code = "idempotency_key_reused",
        .status = 422,
        .title = "The Idempotency-Key was used for another request.",
        .meaning = "Use a new key for a new request; repeat a request with its own key and body."
    },
};

/// A service's memory of idempotency keys. One per service, over a collection of its own.
class IdempotencyKeys final {
public:
    IdempotencyKeys(store::Store& store, Runtime& runtime, const store::CollectionSpec& spec)
        : keys_(store, runtime, spec) {}

    /// The specification of such a collection.
    static store::CollectionSpec collection_of(std::string service);

    /// The id for the thing that this request makes: a new one, or the one that its key got the first time. `route`
    /// names the operation, `body` is what the fingerprint is taken of. Refuses (422 `idempotency_key_reused`) a key
    /// that came with another body. Keys of different callers never meet.
    template <class Id, class Body>
    Task<Id> mint(http::Context& ctx, std::string route, const Body& body) {
        return mint_as<Id>(ctx, std::move(route), schema::write_json(body));
    }

private:
    template <class Id> Task<Id> mint_as(http::Context& ctx, std::string route, std::string body) {
        const Id fresh = ctx.new_id<Id>();
        const std::string minted = co_await mint_text(ctx, route, body, std::string(fresh.text()));
        co_return *Id::parse(minted);
    }

    Task<std::string> mint_text(
        http::Context& ctx, std::string route, std::string body, std::string fresh
    );

    store::Collection<IdempotencyKey> keys_;
};

} // namespace backline
