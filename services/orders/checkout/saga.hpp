#pragma once

#include "services/orders/checkout/api.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <span>
#include <string_view>

/// The checkout saga as a table: for every status of an order and everything that can come in, what happens. Pure data;
/// `advance` in `model.hpp` interprets it, the tests walk it, the simulator counts which rows it took, and the state
/// diagram is drawn from it.
namespace backline::orders {

inline constexpr std::size_t order_status_count = 9;

/// What can come in.
enum class Incoming : std::uint8_t {
    stock_held,
    stock_refused,
    stock_committed,
    stock_released,
    payment_authorised,
    payment_declined,
    payment_captured,
    capture_refused,
    payment_closed,
    cancel_asked, ///< by the customer or staff
    overdue,      ///< no answer in time, and it may still be asked again
    given_up      ///< no answer in all the time that the question has
};
BOOST_DESCRIBE_ENUM(
    Incoming,
    stock_held,
    stock_refused,
    stock_committed,
    stock_released,
    payment_authorised,
    payment_declined,
    payment_captured,
    capture_refused,
    payment_closed,
    cancel_asked,
    overdue,
    given_up
)

inline constexpr std::size_t incoming_count = 12;

enum class Act : std::uint8_t {
    go,         ///< enter `next`, and ask its question
    end,        ///< enter `cancelled` or `rejected`, by the reason that was given on the way here
    ask_again,  ///< the same question, with the next attempt
    stay,       ///< a repeated or overtaken answer: nothing to do
    refuse,     ///< tell the caller that it cannot be
    unreachable ///< a bug somewhere; the message is parked for a person
};
BOOST_DESCRIBE_ENUM(Act, go, end, ask_again, stay, refuse, unreachable)

struct Row {
    OrderStatus in;
    Incoming incoming;
    Act act;
    OrderStatus next; ///< For `go`; otherwise `in`.
    std::string_view why;
};

/// All rows: exactly one for every pair, ordered by status, then by what comes in.
[[nodiscard]] std::span<const Row> saga_rows();

[[nodiscard]] const Row& saga_row(OrderStatus in, Incoming incoming);

} // namespace backline::orders
