#pragma once

#include "platform/base/list.hpp"
#include "platform/base/money.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/catalog/events.hpp"
#include "services/orders/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>
#include <string_view>

/// What crosses HTTP about carts.
namespace backline::orders {

struct CartTag {
    static constexpr std::string_view prefix = "crt";
};

using CartId = Id<CartTag>;

/// ISO 3166-1, two upper-case letters.
struct CountryRule {
    static constexpr TextRules rules{
        .name = "country", .min = 2, .max = 2, .example = "DE", .pattern = "^[A-Z]{2}$"
    };

    static bool accepts(std::string_view raw) {
        return raw[0] >= 'A' && raw[0] <= 'Z' && raw[1] >= 'A' && raw[1] <= 'Z';
    }
};

using Country = CheckedText<CountryRule>;

struct Address {
    Text<1, 120> name;
    Text<1, 200> street;
    Text<1, 20> postal_code;
    Text<1, 120> city;
    Country country;

    bool operator==(const Address&) const = default;
};
BOOST_DESCRIBE_STRUCT(Address, (), (name, street, postal_code, city, country))

/// `PUT /v1/carts/{cart_id}/lines/{sku}`: so many, whatever there was before.
struct SetLine {
    Quantity quantity;
};
BOOST_DESCRIBE_STRUCT(SetLine, (), (quantity))

enum class CartStatus { open, placed };
BOOST_DESCRIBE_ENUM(CartStatus, open, placed)

struct CartLineView {
    catalog::Sku sku;
    Quantity quantity;
    std::optional<catalog::ProductName> name;
    std::optional<Money>
        unit_price; ///< As of now, or of the placing; absent where the SKU is not for sale.
    std::optional<Money> total;
};
BOOST_DESCRIBE_STRUCT(CartLineView, (), (sku, quantity, name, unit_price, total))

struct Totals {
    Money subtotal; ///< Lines, without tax.
    Money shipping;
    Money tax; ///< On both.
    Money total;

    bool operator==(const Totals&) const = default;
};
BOOST_DESCRIBE_STRUCT(Totals, (), (subtotal, shipping, tax, total))

struct CartView {
    CartId id;
    CartStatus status = CartStatus::open;
    List<CartLineView, 100> lines;
    std::optional<Address> shipping_address;
    Totals totals;                ///< Of the lines that are for sale, at their prices above.
    std::optional<OrderId> order; ///< Once placed.
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(CartView, (), (id, status, lines, shipping_address, totals, order, version))

} // namespace backline::orders
