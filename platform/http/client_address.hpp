#pragma once

#include "platform/base/text.hpp"
#include "platform/http/message.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Who asks, by address: what limits are counted by.
namespace backline::http {

/// One address, `10.1.2.3`, or a block of them, `10.0.0.0/8`, of either kind. An IPv4 address in IPv6's clothes
/// (`::ffff:10.1.2.3`) is that IPv4 address.
class IpBlock final {
public:
    [[nodiscard]] static std::optional<IpBlock> parse(std::string_view text);

    [[nodiscard]] bool holds(const IpBlock& other) const;

    /// What one client has for itself: an IPv4 address, or of an IPv6 one the network of 64 bits.
    [[nodiscard]] std::string client() const;

private:
    std::array<std::uint8_t, 16> bytes_{}; ///< IPv4 as `::ffff:a.b.c.d`.
    unsigned bits_ = 128;                  ///< Those that count.
};

struct IpBlockRule {
    static constexpr TextRules rules{
        .name = "IP address or block", .min = 2, .max = 49, .example = "10.0.0.0/8"
    };

    static bool accepts(std::string_view raw) { return IpBlock::parse(raw).has_value(); }
};

using IpBlockText = CheckedText<IpBlockRule>;

/// The client of a request that `peer` sent. Where the peer is one of our proxies, it is the last address in
/// `X-Forwarded-For` that is none of them: what stands before it anybody may have written. Answers `peer` as it is
/// where it is no address.
[[nodiscard]] std::string client_of(
    const std::string& peer, const Headers& headers, const std::vector<IpBlock>& proxies
);

} // namespace backline::http
