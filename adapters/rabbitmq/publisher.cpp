#include "adapters/rabbitmq/publisher.hpp"

#include "platform/base/problem.hpp"

#include <utility>

namespace backline::rabbitmq {

using Outcome = Settled::Outcome;

namespace {

/// What a returned message is found again by.
std::string label_of(const std::string& exchange, const std::string& key, const std::string& id) {
    return id + " on the way to " + (exchange.empty() ? "" : exchange + "/") + key;
}

} // namespace

Publisher::Publisher(
    Runtime& runtime,
    LoopPoster& poster,
    const Settings& settings,
    std::string exchange,
    std::vector<Queue> queues,
    std::function<void(const std::string&)> on_state
)
    : poster_(poster)
    , settings_(settings)
    , exchange_(std::move(exchange))
    , queues_(std::move(queues))
    , on_state_(std::move(on_state))
    , window_(runtime, settings.publish_window)
    , link_(settings, "backline publishes", runtime.random(), *this) {}

// --- on the loop ----------------------------------------------------------------------------------------------------

Task<> Publisher::send(Outgoing outgoing) {
    if (window_.waiting() >= settings_.publish_waiting_max) {
        throw Unavailable(Unavailable::Outcome::not_done, "too many events wait for the broker");
    }
    co_await window_.take();
    Sending sending{*this, std::move(outgoing)};
    co_await sending;
    window_.give_back();
    const Settled& settled = sending.settled;
    if (settled.outcome == Outcome::taken) co_return;
    const bool not_done = settled.outcome == Outcome::not_done;
    throw Unavailable(
        not_done ? Unavailable::Outcome::not_done : Unavailable::Outcome::unknown, settled.reason
    );
}

void Publisher::Sending::await_suspend(std::coroutine_handle<> awaiting) {
    handle = awaiting;
    publisher.submit(*this);
}

void Publisher::submit(Sending& sending) {
    const Ticket ticket = ++last_ticket_;
    sending_.emplace(ticket, &sending);
    {
        const std::scoped_lock lock(mutex_);
        orders_.push_back({ticket, std::move(sending.outgoing)});
    }
    link_.wake();
}

void Publisher::resume(const std::vector<Settled>& settled) {
    for (const Settled& one : settled) {
        const auto found = sending_.find(one.ticket);
        if (found == sending_.end()) continue;
        Sending& sending = *found->second;
        sending_.erase(found);
        sending.settled = one;
        sending.handle.resume();
    }
}

// --- on the link's thread -------------------------------------------------------------------------------------------

void Publisher::connected(Connection& connection) {
    blocked_ = false;
    progress_at_ = clock_.now();
    damaged_ = false;
    connection.declare_all(queues_, exchange_);
    connection.confirm_publishes();
    tell("");
}

void Publisher::arrived(Connection&, Incoming incoming) {
    if (const auto* const confirmed = std::get_if<Confirmed>(&incoming)) {
        progress_at_ = clock_.now();
        settle(confirms_.confirmed(confirmed->number, confirmed->multiple, confirmed->positive));
    } else if (const auto* const returned = std::get_if<Returned>(&incoming)) {
        confirms_.returned(label_of(returned->exchange, returned->key, returned->message.id));
        damaged_ = true;
    } else if (const auto* const blocked = std::get_if<Blocked>(&incoming)) {
        blocked_ = blocked->blocked;
    }
}

void Publisher::work(Connection* connection) {
    take_orders();
    if (connection != nullptr && std::exchange(damaged_, false)) {
        connection->declare_all(queues_, exchange_);
    }
    if (connection != nullptr && !blocked_) send_waiting(*connection);
    expire_waiting();
    if (connection != nullptr) watch_confirms();
}

void Publisher::take_orders() {
    std::vector<Order> orders;
    {
        const std::scoped_lock lock(mutex_);
        orders.swap(orders_);
    }
    for (Order& order : orders) {
        order.given_at = clock_.now();
        waiting_.push_back(std::move(order));
    }
}

/// Counted as sent before it is: if sending fails, it may have left.
void Publisher::send_waiting(Connection& connection) {
    while (!waiting_.empty()) {
        const Order order = std::move(waiting_.front());
        waiting_.pop_front();
        const Outgoing& outgoing = order.outgoing;
        if (confirms_.open() == 0) progress_at_ = clock_.now();
        confirms_.sent(
            order.ticket, label_of(outgoing.exchange, outgoing.key, outgoing.message.id)
        );
        connection.publish(outgoing);
    }
}

void Publisher::expire_waiting() {
    std::vector<Settled> expired;
    while (!waiting_.empty() &&
           waiting_.front().given_at + settings_.publish_patience < clock_.now()) {
        const char* const why = blocked_ ? "the broker takes nothing: it is short of memory or disk"
                                         : "the broker is away";
        expired.push_back({waiting_.front().ticket, Outcome::not_done, why});
        waiting_.pop_front();
    }
    settle(std::move(expired));
}

void Publisher::watch_confirms() {
    if (confirms_.open() == 0 || progress_at_ + settings_.confirm_patience > clock_.now()) return;
    throw Trouble("the broker confirms nothing any more");
}

void Publisher::lost(const std::string& why) {
    blocked_ = false;
    settle(confirms_.lost(why));
    tell(why);
}

void Publisher::settle(std::vector<Settled> settled) {
    if (settled.empty()) return;
    poster_.post_from_any_thread(
        [this, alive = std::weak_ptr(alive_), settled = std::move(settled)] {
            if (!alive.expired()) resume(settled);
        }
    );
}

void Publisher::tell(const std::string& state) {
    poster_.post_from_any_thread([this, alive = std::weak_ptr(alive_), state] {
        if (!alive.expired()) on_state_(state);
    });
}

} // namespace backline::rabbitmq
