#include "services/orders/checkout/reactions.hpp"

#include "services/orders/errors.hpp"

namespace backline::orders {

Task<Result<store::Versioned<Order>>> OrderSteps::step(
    OrderId id, News news, store::Cause cause, store::Terms terms
) {
    Hear hear = [news = std::move(news)](const Order&) { return std::optional(news); };
    return take_step(id, std::move(hear), std::move(cause), std::move(terms));
}

Task<Result<store::Versioned<Order>>> OrderSteps::step_if_due(OrderId id) {
    Hear hear = [this](const Order& order) -> std::optional<News> {
        const std::optional<Incoming> what = due_news(order, runtime_.now().utc);
        return what ? std::optional(News{*what}) : std::nullopt;
    };
    return take_step(id, std::move(hear), {}, {});
}

Task<Result<store::Versioned<Order>>> OrderSteps::take_step(
    OrderId id, Hear hear, store::Cause cause, store::Terms terms
) {
    const Instant now = runtime_.now().utc;
    const Row* row = nullptr;
    const auto decide = [&](const Order* order) -> Result<Change<Order>> {
        if (order == nullptr) return refuse(error("order_unknown"), "There is no such order.");
        const std::optional<News> news = hear(*order);
        if (!news) return Change<Order>::nothing();
        row = &saga_row(order->status, news->what);
        return advance(*order, *news, now);
    };
    auto order = co_await orders_.update(id, decide, std::move(cause), std::move(terms));
    if (row != nullptr && on_row_) on_row_(*row);
    wake(id);
    co_return order;
}

Task<> OrderSteps::wait_for_news(OrderId id) {
    const auto entry = waiting_.try_emplace(id, runtime_).first;
    co_await entry->second;
}

Task<> OrderSteps::wake_all() {
    auto waiting = std::move(waiting_);
    waiting_.clear();
    for (auto& [id, signal] : waiting) signal.notify();
    co_return;
}

void OrderSteps::wake(const OrderId& id) {
    const auto entry = waiting_.find(id);
    if (entry == waiting_.end()) return;
    entry->second.notify();
    waiting_.erase(entry);
}

Task<> OrderReactions::stock_held(Message message, inventory::StockHeld event) {
    return heard(event.ref, {Incoming::stock_held}, std::move(message));
}

Task<> OrderReactions::stock_refused(Message message, inventory::StockRefused event) {
    News news{Incoming::stock_refused};
    for (const inventory::Shortage& shortage : event.shortages) {
        news.missing.push_back({shortage.sku, shortage.wanted, shortage.available});
    }
    return heard(event.ref, std::move(news), std::move(message));
}

Task<> OrderReactions::stock_committed(Message message, inventory::StockCommitted event) {
    return heard(event.ref, {Incoming::stock_committed}, std::move(message));
}

Task<> OrderReactions::stock_released(Message message, inventory::StockReleased event) {
    return heard(event.ref, {Incoming::stock_released}, std::move(message));
}

Task<> OrderReactions::payment_authorised(Message message, payments::PaymentAuthorised event) {
    return heard(event.ref, {Incoming::payment_authorised}, std::move(message));
}

Task<> OrderReactions::payment_declined(Message message, payments::PaymentDeclined event) {
    News news{.what = Incoming::payment_declined, .decline_reason = event.reason};
    return heard(event.ref, std::move(news), std::move(message));
}

Task<> OrderReactions::payment_captured(Message message, payments::PaymentCaptured event) {
    News news{.what = Incoming::payment_captured, .amount = event.amount};
    return heard(event.ref, std::move(news), std::move(message));
}

Task<> OrderReactions::capture_refused(Message message, payments::CaptureRefused event) {
    return heard(event.ref, {Incoming::capture_refused}, std::move(message));
}

Task<> OrderReactions::payment_closed(Message message, payments::PaymentClosed event) {
    News news{.what = Incoming::payment_closed, .amount = event.returned};
    return heard(event.ref, std::move(news), std::move(message));
}

Task<> OrderReactions::payment_refunded(Message message, payments::PaymentRefunded event) {
    const auto decide = [&](const Order* order) -> Result<Change<Order>> {
        if (order == nullptr) return refuse(error("order_unknown"), "There is no such order.");
        return note_refund(*order, {event.refund, event.amount});
    };
    const auto order = co_await orders_.update(event.order, decide, message.cause);
    require(order);
}

Task<> OrderReactions::order_due(store::Versioned<Order> order) {
    const auto stepped = co_await steps_.step_if_due(order->id);
    require(stepped);
}

Task<> OrderReactions::heard(SagaRef ref, News news, Message message) {
    const auto stepped = co_await steps_.step(ref.order, std::move(news), message.cause);
    require(stepped);
}

} // namespace backline::orders
