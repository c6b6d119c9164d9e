#include "services/orders/checkout/saga.hpp"

#include <array>

namespace backline::orders {

namespace {

using enum OrderStatus;
using enum Incoming;

constexpr Row go(OrderStatus in, Incoming what, OrderStatus next, std::string_view why) {
    return {in, what, Act::go, next, why};
}

constexpr Row act(OrderStatus in, Incoming what, Act act, std::string_view why) {
    return {in, what, act, in, why};
}

constexpr std::string_view no_release = "nobody has asked for a release";
constexpr std::string_view no_payment = "nobody has asked for a payment";
constexpr std::string_view no_capture = "nobody has asked to capture";
constexpr std::string_view no_close = "nobody has asked to close the payment";
constexpr std::string_view held_ends = "a hold that stands ends on our word only";
constexpr std::string_view was_approved = "the provider had approved it";
constexpr std::string_view repeated = "delivered again";
constexpr std::string_view overtaken = "overtaken by the end of the order";
constexpr std::string_view ended_by = "the close request is on its way and undoes it";
constexpr std::string_view taken_back = "the release request is on its way and undoes it";
constexpr std::string_view no_clock = "this status waits for nothing";
constexpr std::string_view must_do = "money is reserved: it must be done, however long it takes";
constexpr std::string_view must_undo = "the order is not over before this is undone";
constexpr std::string_view already = "it is being done";

// Request, success, refusal, timeout and compensation of a status stand side by side.
constexpr std::array rows{
    // placing: hold the stock; refused -> rejected; given up -> take back whatever was held
    go(placing, stock_held, authorising, "stock first, then money"),
    act(placing, stock_refused, Act::end, "out of stock; inventory has closed the hold itself"),
    act(placing, stock_committed, Act::unreachable, no_payment),
    act(placing, stock_released, Act::unreachable, no_release),
    act(placing, payment_authorised, Act::unreachable, no_payment),
    act(placing, payment_declined, Act::unreachable, no_payment),
    act(placing, payment_captured, Act::unreachable, no_payment),
    act(placing, capture_refused, Act::unreachable, no_payment),
    act(placing, payment_closed, Act::unreachable, no_payment),
    go(placing, cancel_asked, releasing, "no payment was opened"),
    act(placing, overdue, Act::ask_again, "asking again is harmless"),
    go(placing, given_up, releasing, "a release closes even a hold that comes later"),

    // authorising: reserve the money; declined -> release; given up -> outcome unknown, so close
    act(authorising, stock_held, Act::stay, repeated),
    act(authorising, stock_refused, Act::unreachable, held_ends),
    act(authorising, stock_committed, Act::unreachable, "nobody has asked to sell"),
    act(authorising, stock_released, Act::unreachable, no_release),
    go(authorising, payment_authorised, committing, "the money is reserved"),
    go(authorising, payment_declined, releasing, "nothing was taken"),
    act(authorising, payment_captured, Act::unreachable, no_capture),
    act(authorising, capture_refused, Act::unreachable, no_capture),
    act(authorising, payment_closed, Act::unreachable, no_close),
    go(authorising, cancel_asked, cancelling, "only payments knows what was taken"),
    act(authorising, overdue, Act::ask_again, "asking again is harmless"),
    go(authorising, given_up, cancelling, "unknown is not no: payments must say what was taken"),

    // committing: sell what is held; cannot be refused
    act(committing, stock_held, Act::stay, repeated),
    act(committing, stock_refused, Act::unreachable, held_ends),
    go(committing, stock_committed, capturing, "sold"),
    act(committing, stock_released, Act::unreachable, no_release),
    act(committing, payment_authorised, Act::stay, repeated),
    act(committing, payment_declined, Act::unreachable, was_approved),
    act(committing, payment_captured, Act::unreachable, no_capture),
    act(committing, capture_refused, Act::unreachable, no_capture),
    act(committing, payment_closed, Act::unreachable, no_close),
    go(committing, cancel_asked, cancelling, "first the money, then the stock"),
    act(committing, overdue, Act::ask_again, "asking again is harmless"),
    act(committing, given_up, Act::ask_again, must_do),

    // capturing: take the money; refused -> close and take the stock back
    act(capturing, stock_held, Act::stay, repeated),
    act(capturing, stock_refused, Act::unreachable, held_ends),
    act(capturing, stock_committed, Act::stay, repeated),
    act(capturing, stock_released, Act::unreachable, no_release),
    act(capturing, payment_authorised, Act::stay, repeated),
    act(capturing, payment_declined, Act::unreachable, was_approved),
    go(capturing, payment_captured, confirmed, "paid"),
    go(capturing, capture_refused, cancelling, "the reservation has lapsed; nothing was taken"),
    act(capturing, payment_closed, Act::unreachable, no_close),
    go(capturing, cancel_asked, cancelling, "only payments knows what was taken"),
    act(capturing, overdue, Act::ask_again, "asking again is harmless"),
    act(capturing, given_up, Act::ask_again, must_do),

    // confirmed: nothing is open
    act(confirmed, stock_held, Act::stay, repeated),
    act(confirmed, stock_refused, Act::unreachable, held_ends),
    act(confirmed, stock_committed, Act::stay, repeated),
    act(confirmed, stock_released, Act::unreachable, no_release),
    act(confirmed, payment_authorised, Act::stay, repeated),
    act(confirmed, payment_declined, Act::unreachable, was_approved),
    act(confirmed, payment_captured, Act::stay, repeated),
    act(confirmed, capture_refused, Act::unreachable, "the money was taken"),
    act(confirmed, payment_closed, Act::unreachable, no_close),
    go(confirmed, cancel_asked, cancelling, "nothing has left the house yet"),
    act(confirmed, overdue, Act::unreachable, no_clock),
    act(confirmed, given_up, Act::unreachable, no_clock),

    // cancelling: leave nothing taken; cannot be refused
    act(cancelling, stock_held, Act::stay, repeated),
    act(cancelling, stock_refused, Act::unreachable, held_ends),
    act(cancelling, stock_committed, Act::stay, overtaken),
    act(cancelling, stock_released, Act::unreachable, no_release),
    act(cancelling, payment_authorised, Act::stay, ended_by),
    act(cancelling, payment_declined, Act::stay, ended_by),
    act(cancelling, payment_captured, Act::stay, ended_by),
    act(cancelling, capture_refused, Act::stay, ended_by),
    go(cancelling, payment_closed, releasing, "nothing is taken; now the stock"),
    act(cancelling, cancel_asked, Act::stay, already),
    act(cancelling, overdue, Act::ask_again, "asking again is harmless"),
    act(cancelling, given_up, Act::ask_again, must_undo),

    // releasing: take the stock back; cannot be refused
    act(releasing, stock_held, Act::stay, taken_back),
    act(releasing, stock_refused, Act::stay, overtaken),
    act(releasing, stock_committed, Act::stay, taken_back),
    act(releasing, stock_released, Act::end, "nothing is open any more"),
    act(releasing, payment_authorised, Act::stay, overtaken),
    act(releasing, payment_declined, Act::stay, repeated),
    act(releasing, payment_captured, Act::stay, overtaken),
    act(releasing, capture_refused, Act::stay, overtaken),
    act(releasing, payment_closed, Act::stay, repeated),
    act(releasing, cancel_asked, Act::stay, already),
    act(releasing, overdue, Act::ask_again, "asking again is harmless"),
    act(releasing, given_up, Act::ask_again, must_undo),

    // cancelled
    act(cancelled, stock_held, Act::stay, overtaken),
    act(cancelled, stock_refused, Act::stay, overtaken),
    act(cancelled, stock_committed, Act::stay, overtaken),
    act(cancelled, stock_released, Act::stay, repeated),
    act(cancelled, payment_authorised, Act::stay, overtaken),
    act(cancelled, payment_declined, Act::stay, overtaken),
    act(cancelled, payment_captured, Act::stay, overtaken),
    act(cancelled, capture_refused, Act::stay, overtaken),
    act(cancelled, payment_closed, Act::stay, repeated),
    act(cancelled, cancel_asked, Act::stay, "it is cancelled already"),
    act(cancelled, overdue, Act::unreachable, no_clock),
    act(cancelled, given_up, Act::unreachable, no_clock),

    // rejected
    act(rejected, stock_held, Act::stay, overtaken),
    act(rejected, stock_refused, Act::stay, repeated),
    act(rejected, stock_committed, Act::stay, overtaken),
    act(rejected, stock_released, Act::stay, repeated),
    act(rejected, payment_authorised, Act::stay, overtaken),
    act(rejected, payment_declined, Act::stay, repeated),
    act(rejected, payment_captured, Act::unreachable, "money that was taken ends in cancelled"),
    act(rejected, capture_refused, Act::stay, repeated),
    act(rejected, payment_closed, Act::stay, repeated),
    act(rejected, cancel_asked, Act::refuse, "it came to nothing by itself"),
    act(rejected, overdue, Act::unreachable, no_clock),
    act(rejected, given_up, Act::unreachable, no_clock),
};

consteval bool complete() {
    if (rows.size() != order_status_count * incoming_count) return false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (static_cast<std::size_t>(rows[i].in) != i / incoming_count) return false;
        if (static_cast<std::size_t>(rows[i].incoming) != i % incoming_count) return false;
    }
    return true;
}

static_assert(complete(), "every status has one row for everything that can come in, in order");

} // namespace

std::span<const Row> saga_rows() {
    return rows;
}

const Row& saga_row(OrderStatus in, Incoming incoming) {
    return rows[static_cast<std::size_t>(in) * incoming_count + static_cast<std::size_t>(incoming)];
}

} // namespace backline::orders
