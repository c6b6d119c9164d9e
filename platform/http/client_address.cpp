#include "platform/http/client_address.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <charconv>
#include <ranges>
#include <span>

namespace backline::http {

namespace {

namespace ip = boost::asio::ip;

using Bytes = ip::address_v6::bytes_type;

constexpr std::array<std::uint8_t, 12> ipv4_clothes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned ipv4_bits = 96;

bool is_ipv4(const Bytes& bytes) {
    return std::ranges::equal(std::span(bytes).first<12>(), ipv4_clothes);
}

std::optional<Bytes> read_address(std::string_view text) {
    boost::system::error_code failed;
    const ip::address address = ip::make_address(text, failed);
    if (failed) return std::nullopt;
    if (address.is_v6()) return address.to_v6().to_bytes();
    return ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes();
}

/// Addresses of the header, the nearest to us first.
std::vector<std::string_view> forwarded(const Headers& headers) {
    std::vector<std::string_view> addresses;
    for (const Headers::Field& field : headers) {
        if (!same_name(field.name, "X-Forwarded-For")) continue;
        for (const auto part : std::views::split(field.value, ',')) {
            std::string_view address(part.begin(), part.end());
            address.remove_prefix(std::min(address.find_first_not_of(" \t"), address.size()));
            address = address.substr(0, address.find_last_not_of(" \t") + 1);
            addresses.push_back(address);
        }
    }
    std::ranges::reverse(addresses);
    return addresses;
}

} // namespace

std::optional<IpBlock> IpBlock::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::optional<Bytes> address = read_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    IpBlock block;
    block.bytes_ = *address;
    if (slash == std::string_view::npos) return block;
    const unsigned before =
        is_ipv4(block.bytes_) && text.find(':') == std::string_view::npos ? ipv4_bits : 0;
    const std::string_view digits = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    const bool number = failure == std::errc{} && end == digits.data() + digits.size();
    if (!number || bits > 128 - before) return std::nullopt;
    block.bits_ = before + bits;
    return block;
}

bool IpBlock::holds(const IpBlock& other) const {
    if (other.bits_ < bits_) return false;
    const std::size_t whole = bits_ / 8;
    if (!std::equal(bytes_.begin(), bytes_.begin() + whole, other.bytes_.begin())) return false;
    const unsigned rest = bits_ % 8;
    return rest == 0 || (bytes_.at(whole) ^ other.bytes_.at(whole)) >> (8 - rest) == 0;
}

std::string IpBlock::client() const {
    const ip::address_v6 address(bytes_);
    if (is_ipv4(bytes_)) return ip::make_address_v4(ip::v4_mapped, address).to_string();
    return ip::network_v6(address, 64).network().to_string();
}

std::string client_of(
    const std::string& peer, const Headers& headers, const std::vector<IpBlock>& proxies
) {
    std::optional<IpBlock> client = IpBlock::parse(peer);
    if (!client) return peer;
    const auto is_proxy = [&](const IpBlock& address) {
        return std::ranges::any_of(proxies, [&](const IpBlock& own) { return own.holds(address); });
    };
    if (!is_proxy(*client)) return client->client();
    for (const std::string_view before : forwarded(headers)) {
        const std::optional<IpBlock> address = IpBlock::parse(before);
        if (!address) break;
        client = address;
        if (!is_proxy(*address)) break;
    }
    return client->client();
}

} // namespace backline::http
