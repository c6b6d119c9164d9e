#pragma once

#include "platform/async/runtime.hpp"
#include "platform/base/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Tokens that mean something only to the store that knows them: refresh tokens, links in mails, guest order links.
/// They have 256 random bits, so they need neither salt nor a slow hash.
namespace backline::security {

/// Tells the text to its owner once, and keeps the hash.
struct OpaqueToken {
    Secret<std::string> text; ///< 43 characters of base64url.
    std::string hash;         ///< What is stored and looked up: SHA-256 of the text, in base64url.
};

[[nodiscard]] OpaqueToken make_opaque_token(Runtime& runtime);

/// The hash to look a presented token up by; nothing if the text cannot be one of ours. Looking up by hash leaks
/// nothing of the text by the time it takes.
[[nodiscard]] std::optional<std::string> opaque_token_hash(std::string_view text);

/// Equality of secrets, in time that depends on their lengths only.
[[nodiscard]] bool equal_in_constant_time(std::string_view left, std::string_view right);

} // namespace backline::security
