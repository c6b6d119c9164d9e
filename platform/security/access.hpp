#pragma once

#include "platform/base/problem.hpp"
#include "platform/base/time.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// Who asks, and what a route asks of them. The same three words in every service.
namespace backline::security {

/// Who makes a request, as the verified access token says. Guests are principals too (`gst_…`): they own a cart and
/// orders exactly as customers do, so no service has a second way of proving ownership.
struct Principal {
    std::string subject; ///< `usr_…`, `gst_…`; empty for one who sent no token.
    std::string session; ///< `ses_…`: what is revoked when this session ends.
    std::vector<std::string> permissions{
    }; ///< `orders:refund`; from the roles at the time of signing.

    [[nodiscard]] bool anonymous() const { return subject.empty(); }

    [[nodiscard]] bool may(std::string_view permission) const {
        return std::ranges::find(permissions, permission) != permissions.end();
    }
};

/// What a route demands. A route without one does not compile, so nothing is open by accident.
class Access final {
public:
    enum class Kind { anyone, signed_in, permission };

    /// No token needed; one that is sent must still be valid.
    static constexpr Access anyone() { return Access(Kind::anyone, {}); }

    /// Any valid token, a guest's too; the handler checks ownership.
    static constexpr Access signed_in() { return Access(Kind::signed_in, {}); }

    /// A token that holds this permission, `resource:action`.
    static constexpr Access needs(std::string_view permission) {
        return Access(Kind::permission, permission);
    }

    [[nodiscard]] constexpr Kind kind() const { return kind_; }

    [[nodiscard]] constexpr std::string_view permission() const { return permission_; }

private:
    constexpr Access(Kind kind, std::string_view permission)
        : kind_(kind)
        , permission_(permission) {}

    Kind kind_;
    std::string_view permission_;
};

/// Turns a bearer token into a principal, without a call to another service. Loop thread only; microseconds for a token
/// seen before, tens of microseconds for a new one.
class Authenticator {
public:
    Authenticator() = default;
    Authenticator(const Authenticator&) = delete;
    Authenticator& operator=(const Authenticator&) = delete;
    virtual ~Authenticator() = default;

    /// Refuses (401 `token_invalid`, `token_expired`, `session_ended`) whatever is not a valid access token right now.
    /// Throws `Unavailable` (not done) as long as it has nothing to judge tokens by.
    [[nodiscard]] virtual Result<Principal> authenticate(std::string_view token, Instant now) = 0;
};

} // namespace backline::security
