#include "platform/service/idempotency.hpp"

namespace backline {

namespace {

/// FNV-1a; finds a caller's mistake, keeps out nobody: keys of different callers never meet anyway.
std::string fingerprint_of(std::string_view body) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : body) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return std::to_string(hash);
}

Result<Change<IdempotencyKey>> first_use(const IdempotencyKey* known, const IdempotencyKey& asked) {
    if (known == nullptr) return Change<IdempotencyKey>::to(asked);
    if (known->fingerprint != asked.fingerprint) {
        return refuse(
            find_refusal(idempotency_refusals, "idempotency_key_reused"),
            "This key came first with another body."
        );
    }
    return Change<IdempotencyKey>::nothing();
}

} // namespace

store::CollectionSpec IdempotencyKeys::collection_of(std::string service) {
    return {std::move(service), "idempotency_keys"};
}

Task<std::string> IdempotencyKeys::mint_text(
    http::Context& ctx, std::string route, std::string body, std::string fresh
) {
    const std::string id =
        ctx.principal.subject + "/" + route + "/" + ctx.require_idempotency_key();
    const IdempotencyKey asked{fingerprint_of(body), std::move(fresh), ctx.now.utc};
    const auto decide = [&](const IdempotencyKey* known) { return first_use(known, asked); };
    const auto key =
        co_await keys_.update(id, decide, {ctx.request.traceparent}, {.creates = true});
    co_return unwrap(key)->minted;
}

} // namespace backline
