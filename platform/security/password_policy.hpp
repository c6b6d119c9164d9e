#pragma once

#include "platform/base/problem.hpp"
#include "platform/base/secret.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Which passwords people may choose (NIST SP 800-63B, ASVS 5.0 6.2). There is no rule of composition ("one digit, one
/// symbol"), no rotation, and every character of Unicode counts as one.
namespace backline::security {

inline constexpr std::size_t password_points_min = 15;
inline constexpr std::size_t password_points_max = 128;

/// Words that a stranger would try first for this person: the parts of the e-mail address's local part and domain, and
/// of the shop's name. Lower case, at least three characters each.
[[nodiscard]] std::vector<std::string> password_context(
    std::string_view email, std::string_view shop
);

/// Refuses (422) `password_not_text`, `password_too_short`, `password_too_long` and `password_too_common`; the field
/// error points to `pointer`. Pure; well under a millisecond.
///
/// A password is too common when it is no more than three pieces put together, whatever stands between them and however
/// often the whole is repeated. A piece is a well-known password or a context word (`p4$$w0rd` is one), a run
/// (`aaaaaa`), a sequence (`34567`, `fedcba`), a walk on the keyboard (`qwertyuiop`), up to four digits, or one letter.
///
/// Normalisation (NFC) is left out: no library at hand does it, so a password typed in composed form on one device and
/// decomposed form on another does not match.
[[nodiscard]] Result<void> check_password(
    const Secret<std::string>& password,
    const std::vector<std::string>& context,
    std::string_view pointer = "#/password"
);

} // namespace backline::security
