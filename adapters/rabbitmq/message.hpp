#pragma once

#include "platform/store/store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

/// How an event crosses the broker: CloudEvents 1.0 in binary mode. The body is the event's `data` to the last byte,
/// the attributes are headers with the prefix `cloudEvents:` (as the AMQP binding names application properties), all of
/// them text, `sequence` and `epoch` too; `message_id` repeats the id. Binary, because the data need then be neither
/// parsed nor written again on the way. What we note about one copy of an event are headers with the prefix
/// `backline-`. Pure.
namespace backline::rabbitmq {

using HeaderValue = std::variant<std::int64_t, std::string>;
using Headers = std::map<std::string, HeaderValue>;

/// A message without the vendor's types. Persistent, always.
struct Message {
    std::string id{};
    Headers headers{};
    std::string body{};
};

/// One subscriber's copy of an event, and what became of it so far.
struct Copy {
    store::EventRecord event{};
    int attempts = 0;                   ///< Failed ones; zero in a copy that was just published.
    std::string reason{};               ///< Of the last failure.
    std::optional<Instant> parked_at{}; ///< By us; the broker notes it in its own way.
};

[[nodiscard]] Message to_message(const Copy& copy);

/// What is not there stays empty or zero: a stranger's message too must be handled somehow, by being parked.
[[nodiscard]] Copy to_copy(const Message& message);

/// How often this copy was given out before and came back because the process or its connection ended.
[[nodiscard]] int deliveries_before(const Message& message);

/// A message that lies in the parking queue of `subscriber`, parked by us or by the broker.
[[nodiscard]] store::Parked to_parked(const Message& message, const std::string& subscriber);

} // namespace backline::rabbitmq
