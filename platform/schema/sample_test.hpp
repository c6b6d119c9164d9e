#pragma once

#include "platform/base/id.hpp"
#include "platform/base/list.hpp"
#include "platform/base/money.hpp"
#include "platform/base/type.hpp"

// One order with a field of every kind, for the tests of this folder.
namespace backline::schema::sample {

struct SkuRule {
    static constexpr TextRules rules{.name = "SKU", .min = 3, .max = 8, .example = "MIX-X32"};

    static bool accepts(std::string_view raw) { return raw.find(' ') == std::string_view::npos; }
};

using Sku = CheckedText<SkuRule>;

struct OrderTag {
    static constexpr std::string_view prefix = "ord";
};

using OrderId = Id<OrderTag>;

enum class Status { placed, paid };
BOOST_DESCRIBE_ENUM(Status, placed, paid)

struct Line {
    Sku sku;
    Bounded<int, 1, 5> quantity;
    std::optional<Text<1, 4>> note{};

    bool operator==(const Line&) const = default;
};
BOOST_DESCRIBE_STRUCT(Line, (), (sku, quantity, note))

struct Address {
    Text<2, 10> city;
    std::optional<Email> email;

    bool operator==(const Address&) const = default;
};
BOOST_DESCRIBE_STRUCT(Address, (), (city, email))

struct Order {
    static constexpr FieldDoc docs[] = {{"", "An order."}, {"gift", "Wrap it."}};

    OrderId id;
    Status status = Status::placed;
    bool gift = true;
    Money total;
    Instant placed_at{};
    Address address;
    List<Line, 3, 1> lines;
    std::map<std::string, std::int32_t> counts;
    std::optional<Instant> paid_at;
    Patch<Text<1, 4>> remark;
    std::optional<Secret<Text<4, 8>>> pin;
    std::optional<Json> extra;

    bool operator==(const Order&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    Order,
    (),
    (id, status, gift, total, placed_at, address, lines, counts, paid_at, remark, pin, extra)
)

/// A rule between fields: what is paid is paid after it was placed.
inline std::vector<FieldError> check(const Order& order) {
    if (!order.paid_at || *order.paid_at >= order.placed_at) return {};
    return {{"#/paid_at", "too_early", "must not be before placed_at"}};
}

/// The members of a valid order, to be changed by tests.
inline constexpr std::string_view valid_order =
    R"({"id":"ord_01jd8xw9b2f0aqv1e4m7k3t5nz","status":"paid","gift":false,)"
    R"("total":{"amount":250,"currency":"EUR"},"placed_at":"2026-11-23T09:00:00.000Z",)"
    R"("address":{"city":"Köln"},"lines":[{"sku":"MIX-X32","quantity":2}],"counts":{}})";

/// `valid_order` with the first `from` replaced by `to`; `from` must be there.
inline std::string order_with(std::string_view from, std::string_view to) {
    std::string text(valid_order);
    const std::size_t at = text.find(from);
    INVARIANT(at != std::string::npos, "a test replaces something that is there");
    return text.replace(at, from.size(), to);
}

} // namespace backline::schema::sample
