#pragma once

#include "adapters/sandbox_pay/ledger.hpp"

#include <optional>
#include <string_view>

/// What the sandbox decides: a pure state machine over a ledger. Where the ledger lies, and how answers travel, are
/// matters of others.
namespace backline::sandbox_pay {

/// Tokens in place of cards. Any other token is declined as `not_permitted`.
namespace token {

inline constexpr std::string_view ok = "tok_ok";
inline constexpr std::string_view declined = "tok_declined";
inline constexpr std::string_view insufficient_funds = "tok_insufficient_funds";
inline constexpr std::string_view expired = "tok_expired";

/// Authorises, and never answers the call that did.
inline constexpr std::string_view timeout_after_charge = "tok_timeout_after_charge";

/// Loses the first call and never answers it; the second is as good as any.
inline constexpr std::string_view timeout_before_charge = "tok_timeout_before_charge";

/// Authorises, and answers after two seconds.
inline constexpr std::string_view late = "tok_late";

/// Authorises, gives notice twice, and answers.
inline constexpr std::string_view twice = "tok_twice";

/// Is out of order for the first three calls.
inline constexpr std::string_view unavailable = "tok_unavailable";

/// Answers `processing`, and has authorised two seconds later. Gives no notice: only asking tells.
inline constexpr std::string_view processing = "tok_processing";

} // namespace token

inline constexpr int unavailable_calls = 3;
inline constexpr Duration processing_for = std::chrono::seconds(2);

/// How the answer travels.
enum class Manner : std::uint8_t { prompt, late, twice, silent, out_of_order };

struct Outcome {
    std::optional<ProviderPayment> payment{}; ///< Nothing if the provider does not know it.
    Manner manner = Manner::prompt;
};

/// Does the call, or finds that it was done. Writes at most one row. Breaks an invariant where the caller does: a key
/// that named another call, no amount, a payment under another's id.
[[nodiscard]] Outcome perform(Ledger& ledger, const ProviderCall& call, Instant now);

/// What the rows of one payment add up to; nothing for no rows.
[[nodiscard]] std::optional<ProviderPayment> truth(const std::vector<LedgerRow>& rows, Instant now);

} // namespace backline::sandbox_pay
