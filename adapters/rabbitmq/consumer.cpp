#include "adapters/rabbitmq/consumer.hpp"

#include "platform/base/invariant.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace backline::rabbitmq {

namespace {

std::size_t position_of(const std::string& consumer) {
    std::size_t position = 0;
    std::from_chars(consumer.data(), consumer.data() + consumer.size(), position);
    return position;
}

} // namespace

Consumer::Consumer(
    Runtime& runtime,
    LoopPoster& poster,
    const Settings& settings,
    std::string exchange,
    std::vector<Queue> queues,
    std::vector<Listening> listening,
    Listener listener
)
    : poster_(poster)
    , exchange_(std::move(exchange))
    , queues_(std::move(queues))
    , listening_(std::move(listening))
    , listener_(std::move(listener))
    , unique_(fmt::format("{:016x}", runtime.random()))
    , link_(settings, "backline consumes", runtime.random(), *this) {}

// --- on the loop ----------------------------------------------------------------------------------------------------

Task<std::optional<Delivery>> Consumer::get(std::size_t listening) {
    Getting getting{*this, listening};
    co_await getting;
    co_return std::move(getting.got);
}

void Consumer::Getting::await_suspend(std::coroutine_handle<> awaiting) {
    INVARIANT(consumer.getting_ == nullptr, "one message is asked for at a time");
    handle = awaiting;
    consumer.getting_ = this;
    {
        const std::scoped_lock lock(consumer.mutex_);
        consumer.new_wish_ = listening;
    }
    consumer.link_.wake();
}

void Consumer::got(std::optional<Delivery> delivery) {
    Getting* const getting = std::exchange(getting_, nullptr);
    if (getting == nullptr) return;
    getting->got = std::move(delivery);
    getting->handle.resume();
}

void Consumer::ack(const Delivery& delivery) {
    {
        const std::scoped_lock lock(mutex_);
        new_acks_.push_back({delivery.session, delivery.tag});
    }
    link_.wake();
}

void Consumer::cancel() {
    {
        const std::scoped_lock lock(mutex_);
        cancelling_ = true;
    }
    link_.wake();
}

// --- on the link's thread -------------------------------------------------------------------------------------------

void Consumer::connected(Connection& connection) {
    const std::uint64_t session = ++sessions_;
    {
        const std::scoped_lock lock(mutex_);
        cancelled_ = cancelling_;
    }
    if (cancelled_) return;
    connection.declare_all(queues_, exchange_);
    for (std::size_t i = 0; i < listening_.size(); ++i) {
        Queue queue = listening_[i].queue;
        if (queue.exclusive) {
            queue.name += fmt::format("{}-{}", unique_, session);
            connection.declare(queue, exchange_);
        }
        const std::size_t prefetch = listening_[i].prefetch;
        if (prefetch > 0) connection.consume(queue.name, std::to_string(i), prefetch);
    }
    post([this, session] {
        session_ = session;
        listener_.on_session();
    });
}

void Consumer::arrived(Connection&, Incoming incoming) {
    if (std::holds_alternative<Empty>(incoming)) answer(std::nullopt);
    auto* const delivered = std::get_if<Delivered>(&incoming);
    if (delivered == nullptr) return;
    Delivery delivery{0, sessions_, delivered->tag, std::move(delivered->message)};
    if (delivered->consumer.empty()) {
        delivery.listening = asked_.value_or(0);
        answer(std::move(delivery));
    } else {
        delivery.listening = position_of(delivered->consumer);
        post([this, delivery = std::move(delivery)] { listener_.on_delivery(delivery); });
    }
}

void Consumer::answer(std::optional<Delivery> delivery) {
    asked_.reset();
    post([this, delivery = std::move(delivery)] { got(delivery); });
}

void Consumer::take_over() {
    const std::scoped_lock lock(mutex_);
    acks_.insert(acks_.end(), new_acks_.begin(), new_acks_.end());
    new_acks_.clear();
    if (new_wish_) wish_ = std::exchange(new_wish_, std::nullopt);
}

void Consumer::work(Connection* connection) {
    take_over();
    if (connection == nullptr) {
        acks_.clear();
        if (std::exchange(wish_, std::nullopt)) answer(std::nullopt);
        return;
    }
    for (const Ack& ack : std::exchange(acks_, {})) {
        if (ack.session == sessions_) connection->ack(ack.tag);
    }
    if (wish_) {
        asked_ = std::exchange(wish_, std::nullopt);
        connection->ask_for(listening_[*asked_].queue.name);
    }
    cancel_consumers(*connection);
}

void Consumer::cancel_consumers(Connection& connection) {
    {
        const std::scoped_lock lock(mutex_);
        if (!cancelling_) return;
    }
    if (std::exchange(cancelled_, true)) return;
    for (std::size_t i = 0; i < listening_.size(); ++i) {
        if (listening_[i].prefetch > 0) connection.cancel(std::to_string(i));
    }
}

void Consumer::lost(const std::string& why) {
    if (asked_) answer(std::nullopt);
    post([this, why, session = sessions_] {
        if (session_ == session) session_ = 0;
        listener_.on_lost(why);
    });
}

void Consumer::post(std::function<void()> work) {
    poster_.post_from_any_thread([alive = std::weak_ptr(alive_), work = std::move(work)] {
        if (!alive.expired()) work();
    });
}

} // namespace backline::rabbitmq
