#include "platform/security/tokens.hpp"

#include "platform/base/invariant.hpp"
#include "platform/schema/json.hpp"
#include "platform/security/base64url.hpp"
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

constexpr std::string_view sealed_type = "backline-sealed";

/// No claims begin like that.
std::string sealed_payload(std::string_view purpose, std::string_view text) {
    return std::to_string(purpose.size()) + ":" + std::string(purpose) + std::string(text);
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

Instant instant(EpochSecond second) {
    return Instant(std::chrono::seconds(second.value()));
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
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    const auto expires = std::chrono::floor<std::chrono::seconds>(now + rules_.lifetime);
    TokenClaims claims{
        .iss = decltype(TokenClaims::iss)::of(rules_.issuer),
        .aud = decltype(TokenClaims::aud)::of(rules_.audience),
        .sub = decltype(TokenClaims::sub)::of(principal.subject),
        .sid = decltype(TokenClaims::sid)::of(principal.session),
        .iat = EpochSecond::of(second.time_since_epoch().count()),
        .nbf = EpochSecond::of(second.time_since_epoch().count()),
        .exp = EpochSecond::of(expires.time_since_epoch().count()),
        .permissions = {},
    };
    for (const std::string& each : principal.permissions) {
        claims.permissions.push_back(decltype(TokenClaims::permissions)::value_type::of(each));
    }
    AccessToken token{jose::sign(key_.key(), token_type, schema::write_json(claims)), expires};
    INVARIANT(token.text.size() <= token_bytes_max, "what a token says fits 4 KiB");
    return token;
}

std::string TokenSigner::seal(std::string_view purpose, std::string_view text) const {
    return jose::sign(key_.key(), sealed_type, sealed_payload(purpose, text));
}

std::optional<std::string> TokenSigner::open(std::string_view purpose, std::string_view sealed)
    const {
    const std::size_t first = sealed.find('.');
    const std::size_t last = sealed.rfind('.');
    if (first == last || !jose::signature_holds(key_.key(), sealed)) return std::nullopt;
    const auto payload = from_base64url(sealed.substr(first + 1, last - first - 1));
    const std::string begins = sealed_payload(purpose, "");
    if (!payload || !payload->starts_with(begins)) return std::nullopt;
    return payload->substr(begins.size());
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
    if (keys_.empty()) {
        throw Unavailable(Unavailable::Outcome::not_done, "there are no keys yet to check tokens");
    }
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
    const std::optional<TokenParts> parts = read_token(token);
    if (!parts) return std::nullopt;
    const auto key = keys_.find(parts->header.kid);
    if (key == keys_.end() || !jose::signature_holds(key->second.key(), token)) return std::nullopt;
    const TokenClaims& claims = parts->claims;
    if (claims.iss.text() != rules_.issuer || claims.aud.text() != rules_.audience) {
        return std::nullopt;
    }
    const Duration lifetime = instant(claims.exp) - instant(claims.iat);
    if (lifetime <= Duration{} || lifetime > access_lifetime_max) return std::nullopt;
    Verified verified{
        .hash = std::move(hash),
        .principal = {claims.sub.text(), claims.sid.text()},
        .not_before = instant(std::max(claims.nbf, claims.iat)),
        .expires_at = instant(claims.exp),
    };
    for (const auto& each : claims.permissions) {
        verified.principal.permissions.push_back(each.text());
    }
    return verified;
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
