#include "adapters/rabbitmq/topology.hpp"

#include "platform/base/invariant.hpp"

#include <algorithm>

namespace backline::rabbitmq {

namespace {

/// At least once also on the way from queue to queue, which takes `reject-publish`.
void dead_letter_to(const std::string& queue, Headers& arguments) {
    arguments["x-dead-letter-exchange"] = "";
    arguments["x-dead-letter-routing-key"] = queue;
    arguments["x-dead-letter-strategy"] = "at-least-once";
}

} // namespace

Topology::Topology(
    std::string prefix, std::vector<Duration> retry_after, std::int64_t queue_bytes_max
)
    : prefix_(std::move(prefix))
    , retry_after_(std::move(retry_after))
    , queue_bytes_max_(queue_bytes_max) {
    INVARIANT(!retry_after_.empty(), "there is a pause after a failure");
}

std::string Topology::exchange() const {
    return prefix_ + "events";
}

std::string Topology::queue(const std::string& subscriber) const {
    return prefix_ + subscriber;
}

std::string Topology::suspects(const std::string& subscriber) const {
    return queue(subscriber) + ":suspects";
}

std::string Topology::retry(const std::string& subscriber, int attempts) const {
    const std::size_t wanted = static_cast<std::size_t>(std::max(attempts, 1)) - 1;
    const Duration pause = retry_after_[std::min(wanted, retry_after_.size() - 1)];
    return queue(subscriber) + ":retry:" + std::to_string(pause.count()) + "ms";
}

std::string Topology::parking(const std::string& subscriber) const {
    return queue(subscriber) + ":parked";
}

std::vector<std::string> Topology::waiting(const std::string& subscriber) const {
    std::vector<std::string> names{queue(subscriber), suspects(subscriber)};
    for (std::size_t i = 1; i <= retry_after_.size(); ++i) {
        names.push_back(retry(subscriber, static_cast<int>(i)));
    }
    std::ranges::sort(names);
    const auto repeated = std::ranges::unique(names);
    names.erase(repeated.begin(), repeated.end());
    return names;
}

Queue Topology::durable(std::string name) const {
    return {
        std::move(name),
        {
            {"x-queue-type", "quorum"},
            {"x-overflow", "reject-publish"},
            {"x-max-length-bytes", queue_bytes_max_},
        },
    };
}

/// The queue of events comes last: once it is bound, all that may become of its messages has a place.
std::vector<Queue> Topology::shared(const bus::Subscription& subscription) const {
    const std::string& subscriber = subscription.subscriber;
    std::vector<Queue> queues;

    Queue parked = durable(parking(subscriber));
    // Every look at the parked messages counts as a delivery, and newer brokers have a limit of their own.
    parked.arguments["x-delivery-limit"] = std::int64_t{1'000'000'000};
    queues.push_back(std::move(parked));

    Queue aside = durable(suspects(subscriber));
    aside.arguments["x-delivery-limit"] = delivery_limit;
    dead_letter_to(parking(subscriber), aside.arguments);
    queues.push_back(std::move(aside));

    for (std::size_t i = 0; i < retry_after_.size(); ++i) {
        Queue later = durable(retry(subscriber, static_cast<int>(i) + 1));
        later.arguments["x-message-ttl"] = std::int64_t{retry_after_[i].count()};
        dead_letter_to(queue(subscriber), later.arguments);
        queues.push_back(std::move(later));
    }

    Queue events = durable(queue(subscriber));
    events.types = subscription.types;
    events.arguments["x-delivery-limit"] = delivery_limit;
    dead_letter_to(parking(subscriber), events.arguments);
    queues.push_back(std::move(events));
    return queues;
}

Queue Topology::observer(const bus::Subscription& subscription) const {
    Queue seen;
    seen.name = queue(subscription.subscriber) + ":observer:";
    seen.types = subscription.types;
    seen.exclusive = true;
    return seen;
}

} // namespace backline::rabbitmq
