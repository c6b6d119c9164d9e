#pragma once

#include "platform/security/access.hpp"
#include "platform/security/keys.hpp"
#include "platform/security/token_format.hpp"

#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// Access tokens: signed once by the users service, checked by every service without a call.
namespace backline::security {

inline constexpr Duration access_lifetime_max = std::chrono::minutes(10);
inline constexpr Duration leeway_max = std::chrono::seconds(60);

/// What issuer and verifiers agree on; the same in every process of a shop.
struct TokenRules {
    std::string issuer = "backline.users";
    std::string audience = "backline";
    Duration lifetime =
        access_lifetime_max; ///< Verifiers refuse tokens that live longer than the maximum.
    Duration leeway = std::chrono::seconds(30); ///< How far the clocks of two processes may differ.
};

struct AccessToken {
    std::string text; ///< Grants access by being known: to its owner only, never to a log.
    Instant expires_at{};
};

/// Issues access tokens. Deterministic: the same principal, second and key give the same text. Loop thread only; about
/// 30 us a token.
class TokenSigner final {
public:
    TokenSigner(SigningKey key, TokenRules rules);

    /// `principal` has a subject and a session, and all of it must fit a token of 4 KiB.
    [[nodiscard]] AccessToken issue(const Principal& principal, Instant now) const;

    /// `text`, signed: what is kept where others can write, and is believed when it comes back. `purpose` is what it is
    /// for and about; under another one it does not open. It is no access token, nor can one be opened.
    [[nodiscard]] std::string seal(std::string_view purpose, std::string_view text) const;

    /// The text that this key has sealed for this purpose; nothing for everything else.
    [[nodiscard]] std::optional<std::string> open(std::string_view purpose, std::string_view sealed)
        const;

private:
    SigningKey key_;
    TokenRules rules_;
};

/// The sessions whose tokens are refused although they have not expired. Bounded: when `count_max` sessions ended
/// within one token's life, the ones nearest to their end are forgotten together with every token that expires as
/// early as theirs, so that a forgotten session is never let in again; whoever is hit gets a new token by refreshing.
class EndedSessions final {
public:
    explicit EndedSessions(std::size_t count_max) : count_max_(count_max) {}

    /// Remembers until `until`, which is when the session's last token is refused for its age: the moment of ending
    /// plus lifetime plus leeway. Telling it twice keeps the later time.
    void end(std::string session, Instant until);

    [[nodiscard]] bool ended(const std::string& session) const { return until_.contains(session); }

    /// Tokens that are refused for their age at or before this instant are refused now.
    [[nodiscard]] Instant floor() const { return floor_; }

    /// Forgets what has no effect any more.
    void forget_before(Instant now);

private:
    void forget_first();

    std::size_t count_max_;
    Instant floor_{};
    std::unordered_map<std::string, Instant> until_;
    std::set<std::pair<Instant, std::string>> by_end_;
};

/// Checks access tokens against the users service's public keys. A token that was verified is remembered by its hash
/// until it expires (bounded, least recently used goes first), because a signature costs as much as several answers;
/// ended sessions are looked at every time. Loop thread only; about 2 us for a token seen before, 100 us for a new one.
class TokenVerifier final : public Authenticator {
public:
    TokenVerifier(std::vector<PublicKey> keys, TokenRules rules, std::size_t remembered_max = 8192);

    /// See `Authenticator`. Refusals never say what about a token was wrong.
    [[nodiscard]] Result<Principal> authenticate(std::string_view token, Instant now) override;

    /// From now on every token of this session is refused (`session_ended`). `until`: see `EndedSessions::end`.
    void end_session(std::string session, Instant until) { ended_.end(std::move(session), until); }

    /// The users service changed its keys. Tokens of keys that are gone are refused at once.
    void replace_keys(std::vector<PublicKey> keys);

    [[nodiscard]] std::size_t remembered() const { return verified_.size(); }

private:
    struct Verified {
        std::string hash;
        Principal principal;
        Instant not_before{};
        Instant expires_at{};
    };

    using Remembered = std::list<Verified>;

    [[nodiscard]] Result<Principal> admit(const Verified& verified, Instant now);
    [[nodiscard]] std::optional<Verified> verify(std::string_view token, std::string hash) const;
    void remember(Verified verified);

    std::map<std::string, PublicKey> keys_;
    TokenRules rules_;
    std::size_t remembered_max_;
    EndedSessions ended_;
    Remembered verified_; ///< Most recently used first.
    std::unordered_map<std::string_view, Remembered::iterator> by_hash_;
};

} // namespace backline::security
