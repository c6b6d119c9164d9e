#pragma once

#include <cstdint>

/// What becomes of a message: the decisions of a consumer, apart from the sockets. Pure.
namespace backline::rabbitmq {

/// A message as it arrives for a shared subscriber.
struct Arrival {
    bool from_suspects = false;
    int attempts = 0;   ///< Failures that we have noted in it.
    int deliveries = 0; ///< How often the broker gave it out before and never heard of it again.
};

enum class Verdict : std::uint8_t {
    handle,    ///< Call the handler.
    set_aside, ///< Move it to the suspects: it was held by a process that ended.
    retry,     ///< Move it to the queue of those that wait for another try.
    park,      ///< Move it to the parking queue.
};

/// The attempts that count against a message. A process that ends has held many messages, so what comes back to the
/// common queue is suspected but not charged; the queue of suspects gives out one at a time, so there it is.
[[nodiscard]] inline int attempts_of(const Arrival& arrival) {
    return arrival.attempts + (arrival.from_suspects ? arrival.deliveries : 0);
}

[[nodiscard]] inline Verdict on_arrival(const Arrival& arrival, int attempts_max) {
    if (attempts_of(arrival) >= attempts_max) return Verdict::park;
    const bool suspected = !arrival.from_suspects && arrival.deliveries > 0;
    return suspected ? Verdict::set_aside : Verdict::handle;
}

/// After a failure, this one counted.
[[nodiscard]] inline Verdict on_failure(int attempts, int attempts_max) {
    return attempts >= attempts_max ? Verdict::park : Verdict::retry;
}

} // namespace backline::rabbitmq
