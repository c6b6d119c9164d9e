#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/list.hpp"
#include "platform/base/money.hpp"
#include "platform/base/paging.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/orders/carts/api.hpp"
#include "services/orders/events.hpp"
#include "services/payments/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

/// What crosses HTTP about orders.
namespace backline::orders {

/// Entering a status asks its question of the one who owns the answer; see `speak` in `model.cpp`.
enum class OrderStatus : std::uint8_t {
    placing,     ///< inventory was asked to hold the stock
    authorising, ///< payments was asked to reserve the money
    committing,  ///< inventory was asked to sell what is held
    capturing,   ///< payments was asked to take the money
    confirmed,   ///< paid and sold
    cancelling,  ///< payments was asked to leave nothing taken
    releasing,   ///< inventory was asked to take everything back
    cancelled,   ///< somebody wanted it so; nothing kept
    rejected     ///< it could not be done; nothing kept
};
BOOST_DESCRIBE_ENUM(
    OrderStatus,
    placing,
    authorising,
    committing,
    capturing,
    confirmed,
    cancelling,
    releasing,
    cancelled,
    rejected
)

constexpr std::string_view schema_name_of(OrderStatus) {
    return "OrderStatus";
}

/// `POST /v1/orders`. There is no separate payment route: the token goes with the order.
struct PlaceOrder {
    CartId cart;
    PaymentToken payment_token;
};
BOOST_DESCRIBE_STRUCT(PlaceOrder, (), (cart, payment_token))

/// What a shop and its customers call it on the phone: letters of the id and a check character.
using OrderNumber = Text<4, 40>;

/// The answer to `POST /v1/orders`: only what was settled at that moment, so that every repetition is the same to the
/// byte.
struct PlacedOrder {
    OrderId id;
    OrderNumber number;
    OrderStatus status = OrderStatus::placing;
    Money total;
    Instant placed_at{};
};
BOOST_DESCRIBE_STRUCT(PlacedOrder, (), (id, number, status, total, placed_at))

struct OrderLine {
    catalog::Sku sku;
    catalog::ProductName name;
    Quantity quantity;
    Money unit_price; ///< Of the moment of placing; it does not change any more.
    Money total;
};
BOOST_DESCRIBE_STRUCT(OrderLine, (), (sku, name, quantity, unit_price, total))

struct StatusEntry {
    OrderStatus status = OrderStatus::placing;
    Instant at{};
};
BOOST_DESCRIBE_STRUCT(StatusEntry, (), (status, at))

/// What one SKU lacked when the order was placed.
struct MissingUnits {
    catalog::Sku sku;
    Bounded<int, 0, 10'000'000> wanted;
    Bounded<int, 0, 10'000'000> available;
};
BOOST_DESCRIBE_STRUCT(MissingUnits, (), (sku, wanted, available))

struct OrderView {
    OrderId id;
    OrderNumber number;
    users::CustomerId customer;
    OrderStatus status = OrderStatus::placing;
    std::optional<EndReason> reason; ///< Why it is ending or ended.
    std::optional<payments::DeclineReason> decline_reason;
    List<MissingUnits, 100> missing; ///< What was short, if that was the reason.
    List<OrderLine, 100> lines;
    Address shipping_address;
    Totals totals;
    Money paid;     ///< Captured.
    Money refunded; ///< Of it, in the whole life of the order.
    List<StatusEntry, 40> history;
    Instant placed_at{};
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(
    OrderView,
    (),
    (id,
     number,
     customer,
     status,
     reason,
     decline_reason,
     missing,
     lines,
     shipping_address,
     totals,
     paid,
     refunded,
     history,
     placed_at,
     version)
)

/// `GET /v1/orders/{order_id}`: with `wait`, answers when the version is above `after_version` or the seconds are over.
struct TrackOrder {
    std::optional<Bounded<int, 0, 30>> wait; ///< Seconds; at most as long as any answer may take.
    std::optional<Bounded<std::int64_t, 0, 9'000'000'000'000>> after_version;
};
BOOST_DESCRIBE_STRUCT(TrackOrder, (), (wait, after_version))

/// `GET /v1/orders`: one's own; with a status, staff with `orders:read` get everybody's.
struct ListOrders {
    std::optional<OrderStatus> status;
    std::optional<PageLimit> limit;
    std::optional<PageCursor> after;
};
BOOST_DESCRIBE_STRUCT(ListOrders, (), (status, limit, after))

} // namespace backline::orders
