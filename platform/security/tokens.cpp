#include "platform/security/tokens.hpp"

#include "platform/base/invariant.hpp"
#include "platform/security/errors.hpp"

#include <sodium.h>

namespace backline::security {

namespace {

constexpr std::size_t ended_sessions_max = 65'536;

TokenRules checked(TokenRules rules) {
    INVARIANT(
        !rules.issuer.empty() && !rules.audience.empty(),
        "tokens name their issuer and their audience"
    );
    INVARIANT(
        rules.lifetime >= std::chrono::seconds(1), "access tokens live for a second at least"
    );
    INVARIANT(rules.lifetime <= access_lifetime_max, "access tokens live for 10 minutes at most");
    INVARIANT(
        rules.leeway >= Duration{} && rules.leeway <= leeway_max, "leeway is 60 seconds at most"
    );
    return rules;
}

std::string hash_of(std::string_view token) {
    std::string hash(crypto_generichash_BYTES, '\0');
    crypto_generichash(
        reinterpret_cast<unsigned char*>(hash.data()),
        hash.size(),
        reinterpret_cast<const unsigned char*>(token.data()),
        token.size(),
        nullptr,
        0
    );
    return hash;
}

auto invalid() {
    return refuse(error("token_invalid"), "The access token is not one of this shop's.");
}

auto expired() {
    return refuse(error("token_expired"), "The access token has expired; refresh it.");
}

} // namespace

TokenSigner::TokenSigner(SigningKey key, TokenRules rules)
    : key_(std::move(key))
    , rules_(checked(std::move(rules))) {}

AccessToken TokenSigner::issue(const Principal& principal, Instant now) const {
    INVARIANT(
        !principal.anonymous() && !principal.session.empty(),
        "a token is somebody's, of some session"
    );
    const Instant second = std::chrono::floor<std::chrono::seconds>(now);
    const Claims claims{
        .issuer = rules_.issuer,
        .audience = rules_.audience,
        .subject = principal.subject,
        .session = principal.session,
        .issued_at = second,
        .not_before = second,
        .expires_at = second + rules_.lifetime,
        .permissions = principal.permissions,
    };
    AccessToken token{
        jose::sign(key_.key(), access_token_type, write_claims(claims)), claims.expires_at
    };
    INVARIANT(token.text.size() <= token_bytes_max, "what a token says fits 4 KiB");
    return token;
}

void EndedSessions::end(std::string session, Instant until) {
    Instant& known = until_[session];
    if (known >= until) return;
    by_end_.erase({known, session});
    known = until;
    by_end_.emplace(until, std::move(session));
    while (until_.size() > count_max_) forget_first();
}

void EndedSessions::forget_before(Instant now) {
    while (!by_end_.empty() && by_end_.begin()->first < now) forget_first();
}

void EndedSessions::forget_first() {
    const auto first = by_end_.begin();
    floor_ = std::max(floor_, first->first);
    until_.erase(first->second);
    by_end_.erase(first);
}

TokenVerifier::TokenVerifier(
    std::vector<PublicKey> keys, TokenRules rules, std::size_t remembered_max
)
    : rules_(checked(std::move(rules)))
    , remembered_max_(remembered_max)
    , ended_(ended_sessions_max) {
    INVARIANT(sodium_init() >= 0, "libsodium starts");
    INVARIANT(remembered_max_ >= 1, "a verifier remembers one token at least");
    replace_keys(std::move(keys));
}

void TokenVerifier::replace_keys(std::vector<PublicKey> keys) {
    keys_.clear();
    for (PublicKey& key : keys) {
        std::string id = key.id();
        keys_.emplace(std::move(id), std::move(key));
    }
    by_hash_.clear();
    verified_.clear();
}

Result<Principal> TokenVerifier::authenticate(std::string_view token, Instant now) {
    if (token.size() > token_bytes_max) return invalid();
    std::string hash = hash_of(token);
    const auto known = by_hash_.find(hash);
    if (known != by_hash_.end()) {
        verified_.splice(verified_.begin(), verified_, known->second);
        return admit(verified_.front(), now);
    }
    std::optional<Verified> verified = verify(token, std::move(hash));
    if (!verified) return invalid();
    Result<Principal> principal = admit(*verified, now);
    if (principal) remember(std::move(*verified));
    return principal;
}

std::optional<TokenVerifier::Verified> TokenVerifier::verify(
    std::string_view token, std::string hash
) const {
    const std::optional<TokenParts> parts = split_token(token);
    if (!parts) return std::nullopt;
    const std::optional<std::string> key_id = read_header(parts->header);
    const auto key = key_id ? keys_.find(*key_id) : keys_.end();
    if (key == keys_.end() || !jose::signature_holds(key->second.key(), token)) return std::nullopt;
    std::optional<Claims> claims = read_claims(parts->claims);
    if (!claims || claims->issuer != rules_.issuer || claims->audience != rules_.audience)
        return std::nullopt;
    const Duration lifetime = claims->expires_at - claims->issued_at;
    if (lifetime <= Duration{} || lifetime > access_lifetime_max) return std::nullopt;
    return Verified{
        .hash = std::move(hash),
        .principal =
            {std::move(claims->subject), std::move(claims->session), std::move(claims->permissions)
            },
        .not_before = std::max(claims->not_before, claims->issued_at),
        .expires_at = claims->expires_at,
    };
}

Result<Principal> TokenVerifier::admit(const Verified& verified, Instant now) {
    ended_.forget_before(now);
    if (now + rules_.leeway < verified.not_before) return invalid();
    const Instant refused_from = verified.expires_at + rules_.leeway;
    if (now >= refused_from || refused_from <= ended_.floor()) return expired();
    if (ended_.ended(verified.principal.session)) {
        return refuse(error("session_ended"), "This session was ended; log in again.");
    }
    return verified.principal;
}

void TokenVerifier::remember(Verified verified) {
    if (verified_.size() >= remembered_max_) {
        by_hash_.erase(verified_.back().hash);
        verified_.pop_back();
    }
    verified_.push_front(std::move(verified));
    by_hash_.emplace(verified_.front().hash, verified_.begin());
}

} // namespace backline::security
