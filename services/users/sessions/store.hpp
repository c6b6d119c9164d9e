#pragma once

#include "platform/cache/cache.hpp"
#include "platform/security/tokens.hpp"
#include "platform/store/collection.hpp"
#include "services/users/sessions/model.hpp"

#include <optional>
#include <string>

/// What is kept about sessions, in the store and, by replicas, in a cache.
namespace backline::users {

/// `sessions`: one document per log-in or guest.
extern const store::CollectionSpec sessions_spec;
inline constexpr std::size_t sessions_by_customer = 0;
inline constexpr std::size_t sessions_by_refusal = 1;

using SessionCollection = store::Collection<Session>;

/// A session as it was at some time, and its document, for the update that begins from it.
struct SessionCopy {
    Session session;
    store::Stored document;
};

/// Copies of the sessions in use, for whichever replica gets the next refresh: it then reads no session from the store.
///
/// A copy may be old, and no old one does harm. A refresh is a compare-and-swap on the version of what it began from:
/// from an old copy it fails, and is decided again on what lies in the store. So a token that was used, or whose
/// session has ended, is refused whatever the copy says. What is not confirmed like that, whose session it is, never
/// changes. Nobody but a signer of the shop's tokens can make a copy. Versions are told apart by nothing but their
/// number, so whoever puts an older backup of the store in place empties the cache.
class SessionCopies final {
public:
    /// `cache` may be null: then there are none.
    SessionCopies(cache::Cache* cache, const security::TokenSigner& signer)
        : cache_(cache)
        , signer_(signer) {}

    Task<std::optional<SessionCopy>> find(SessionId id);
    Task<> keep(std::optional<store::Stored> document);

private:
    [[nodiscard]] std::optional<SessionCopy> read(const SessionId& id, const cache::Entry& entry)
        const;

    cache::Cache* cache_;
    const security::TokenSigner& signer_;
};

} // namespace backline::users
