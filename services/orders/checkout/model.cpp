#include "services/orders/checkout/model.hpp"

#include "platform/base/invariant.hpp"
#include "services/orders/errors.hpp"

#include <algorithm>

namespace backline::orders {

namespace {

/// How long a status waits for its answer, and how often it asks before the table's `given_up` has its say.
struct Patience {
    Duration ask_every;
    int attempts;
};

constexpr Patience no_clock{Duration{0}, 0};
constexpr Patience stock_patience{Duration{5'000}, 6};
constexpr Patience payment_patience{Duration{30'000}, 30};
constexpr Patience must_patience{Duration{10'000}, 30};

Patience patience_of(OrderStatus status) {
    switch (status) {
    case OrderStatus::placing:
        return stock_patience;
    case OrderStatus::authorising:
        return payment_patience;
    case OrderStatus::committing:
    case OrderStatus::capturing:
    case OrderStatus::cancelling:
    case OrderStatus::releasing:
        return must_patience;
    case OrderStatus::confirmed:
    case OrderStatus::cancelled:
    case OrderStatus::rejected:
        break;
    }
    return no_clock;
}

EndReason reason_of(const Order& order, const News& news) {
    switch (news.what) {
    case Incoming::stock_refused:
        return EndReason::out_of_stock;
    case Incoming::payment_declined:
        return EndReason::payment_declined;
    case Incoming::capture_refused:
        return EndReason::capture_refused;
    case Incoming::given_up:
        return order.status == OrderStatus::placing ? EndReason::stock_unresolved
                                                    : EndReason::payment_unresolved;
    case Incoming::cancel_asked:
        return news.reason.value_or(EndReason::customer_cancelled);
    case Incoming::stock_held:
    case Incoming::stock_committed:
    case Incoming::stock_released:
    case Incoming::payment_authorised:
    case Incoming::payment_captured:
    case Incoming::payment_closed:
    case Incoming::overdue:
        break;
    }
    invariant_broken("reason_of", "an order ends for a reason that was given before its end");
}

bool ends_the_order(OrderStatus status) {
    return status == OrderStatus::cancelling || status == OrderStatus::releasing ||
           status == OrderStatus::rejected;
}

OrderStatus end_of(EndReason reason) {
    const bool wanted =
        reason == EndReason::customer_cancelled || reason == EndReason::staff_cancelled;
    return wanted ? OrderStatus::cancelled : OrderStatus::rejected;
}

List<SkuQuantity, 100> quantities(const Order& order) {
    List<SkuQuantity, 100> lines;
    for (const OrderLine& line : order.lines) lines.push_back({line.sku, line.quantity});
    return lines;
}

/// Raises what the status of the order has to say: its question, or its news.
void speak(Change<Order>& change, Instant now) {
    const Order& order = *change.next;
    const auto ref = [&](Step step) { return SagaRef{order.id, step, order.attempt}; };
    switch (order.status) {
    case OrderStatus::placing:
        change.raise(StockHoldRequested{ref(Step::hold_stock), quantities(order)});
        break;
    case OrderStatus::authorising:
        change.raise(PaymentRequested{
            ref(Step::authorise), order.customer, order.totals.total, order.payment_token
        });
        break;
    case OrderStatus::committing:
        change.raise(StockCommitRequested{ref(Step::commit_stock)});
        break;
    case OrderStatus::capturing:
        change.raise(CaptureRequested{ref(Step::capture)});
        break;
    case OrderStatus::confirmed:
        change.raise(OrderConfirmed{order.id, order.customer, order.number, order.totals.total, now}
        );
        break;
    case OrderStatus::cancelling:
        change.raise(PaymentCloseRequested{ref(Step::close_payment)});
        break;
    case OrderStatus::releasing:
        change.raise(StockReleaseRequested{ref(Step::release_stock)});
        break;
    case OrderStatus::cancelled:
        change.raise(OrderCancelled{
            order.id, order.customer, order.number, *order.reason, order.returned, now
        });
        break;
    case OrderStatus::rejected:
        change.raise(OrderRejected{order.id, order.customer, order.number, *order.reason, now});
        break;
    }
}

/// The order in the status that it has just entered or asks for once more.
Change<Order> asking(Order order, Instant now) {
    const Patience patience = patience_of(order.status);
    order.due_at.reset();
    if (patience.attempts > 0) order.due_at = now + patience.ask_every;
    Change<Order> change = Change<Order>::to(std::move(order));
    speak(change, now);
    return change;
}

Change<Order> enter(Order order, OrderStatus status, Instant now) {
    order.status = status;
    order.attempt = Attempt::of(1);
    order.history.push_back({status, now});
    return asking(std::move(order), now);
}

Change<Order> finish(Order next, const Order& order, const News& news, Instant now) {
    if (!next.reason) next.reason = reason_of(order, news);
    const OrderStatus end = end_of(*next.reason);
    return enter(std::move(next), end, now);
}

/// What the news says about money and stock, whatever it does to the status.
void note(Order& order, const News& news) {
    if (news.what == Incoming::payment_captured) order.paid = news.amount;
    if (news.what == Incoming::payment_closed && !news.amount.is_zero()) {
        order.returned = news.amount;
        if (order.paid.is_zero()) order.paid = news.amount;
    }
    if (news.decline_reason) order.decline_reason = news.decline_reason;
    if (!news.missing.empty()) order.missing = news.missing;
}

} // namespace

Change<Order> new_order(OrderId id, const Cart& cart, const PaymentToken& token, Instant now) {
    INVARIANT(cart.placed_for.has_value(), "an order is made of a placed cart");
    const Quote& quote = *cart.placed_for;
    const Money nothing{0, quote.totals.total.currency};
    Order order{.id = id, .number = number_of(id), .customer = cart.customer, .cart = cart.id};
    for (const QuotedLine& line : quote.lines) {
        order.lines.push_back(
            {line.line.sku, line.name, line.line.quantity, line.unit_price, line.total}
        );
    }
    order.shipping_address = *cart.shipping_address;
    order.totals = quote.totals;
    order.payment_token = token;
    order.paid = nothing;
    order.returned = nothing;
    order.placed_at = now;
    return enter(std::move(order), OrderStatus::placing, now);
}

Result<Change<Order>> advance(const Order& order, const News& news, Instant now) {
    const Row& row = saga_row(order.status, news.what);
    Order next = order;
    note(next, news);
    switch (row.act) {
    case Act::stay:
        return Change<Order>::nothing();
    case Act::refuse:
        return refuse(
            error("order_not_cancellable"), "The order was rejected: " + std::string(row.why) + "."
        );
    case Act::unreachable:
        break;
    case Act::ask_again:
        next.attempt = Attempt::from(next.attempt.value() + 1).value_or(next.attempt);
        return asking(std::move(next), now);
    case Act::go:
        if (!next.reason && ends_the_order(row.next)) next.reason = reason_of(order, news);
        return enter(std::move(next), row.next, now);
    case Act::end:
        return finish(std::move(next), order, news, now);
    }
    invariant_broken("saga_row", row.why);
}

std::optional<Incoming> due_news(const Order& order, Instant now) {
    if (!order.due_at || *order.due_at > now) return std::nullopt;
    const bool may_ask = order.attempt.value() < patience_of(order.status).attempts;
    return may_ask ? Incoming::overdue : Incoming::given_up;
}

Change<Order> note_refund(const Order& order, const RefundEntry& refund) {
    const auto known = std::ranges::find(order.refunds, refund.refund, &RefundEntry::refund);
    if (known != order.refunds.end()) return Change<Order>::nothing();
    Order next = order;
    next.refunds.push_back(refund);
    return Change<Order>::to(std::move(next));
}

bool settled(OrderStatus status) {
    return patience_of(status).attempts == 0;
}

OrderView view_of(const Order& order, std::int64_t version) {
    Money refunded = order.returned;
    for (const RefundEntry& refund : order.refunds) refunded += refund.amount;
    OrderView view{
        .id = order.id,
        .number = order.number,
        .customer = order.customer,
        .status = order.status,
        .reason = order.reason,
        .decline_reason = order.decline_reason,
        .missing = order.missing,
        .lines = order.lines,
        .shipping_address = order.shipping_address,
        .totals = order.totals,
        .paid = order.paid,
        .refunded = refunded,
        .history = order.history,
        .placed_at = order.placed_at,
        .version = version
    };
    return view;
}

PlacedOrder placed_view_of(const Order& order) {
    return {order.id, order.number, OrderStatus::placing, order.totals.total, order.placed_at};
}

/// The last ten letters of the id carry its 50 random bits; the check letter finds nearly every wrong or swapped one.
OrderNumber number_of(OrderId id) {
    constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";
    const std::string text = id.text();
    const std::string tail = text.substr(text.size() - 10);
    std::size_t sum = 0;
    for (std::size_t i = 0; i < tail.size(); ++i) {
        sum += (letters.find(tail[i]) + 1) * (2 * i + 1);
    }
    std::string number = "BL-" + tail.substr(0, 5) + "-" + tail.substr(5) + letters[sum % 31];
    std::ranges::transform(number, number.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return OrderNumber::of(number);
}

} // namespace backline::orders
