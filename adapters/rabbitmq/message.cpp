#include "adapters/rabbitmq/message.hpp"

#include "adapters/rabbitmq/topology.hpp"
#include "platform/base/rfc3339.hpp"

#include <charconv>
#include <string_view>

namespace backline::rabbitmq {

namespace {

constexpr const char* attempts_header = "backline-attempts";
constexpr const char* reason_header = "backline-reason";
constexpr const char* parked_at_header = "backline-parked-at";
constexpr const char* deliveries_header = "x-delivery-count";
constexpr std::size_t reason_max = 1'024;
constexpr std::size_t message_id_max = 255; // AMQP's own. The header has all of it.

std::string text_of(const Headers& headers, const std::string& name) {
    const auto found = headers.find(name);
    if (found == headers.end()) return "";
    const auto* const text = std::get_if<std::string>(&found->second);
    return text ? *text : std::to_string(std::get<std::int64_t>(found->second));
}

std::string attribute(const Headers& headers, const std::string& name) {
    return text_of(headers, "cloudEvents:" + name);
}

std::int64_t number_of(const std::string& text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

int count_of(const Headers& headers, const char* name) {
    constexpr std::int64_t most = 1'000'000;
    return static_cast<int>(std::clamp<std::int64_t>(number_of(text_of(headers, name)), 0, most));
}

/// Cut between characters, so that it stays UTF-8.
std::string shortened(const std::string& reason) {
    if (reason.size() <= reason_max) return reason;
    std::size_t end = reason_max;
    while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80U) --end;
    return reason.substr(0, end) + "…";
}

/// When the broker dead-lettered it: seconds since 1970.
Instant died_at(const Headers& headers) {
    return Instant{std::chrono::seconds{number_of(text_of(headers, death_time_header))}};
}

std::string reason_for(const Headers& headers, int deliveries) {
    if (text_of(headers, death_reason_header) == "delivery_limit") {
        return "the broker gave it up: " + std::to_string(deliveries) +
               " times the process or its connection ended while it held the message";
    }
    return "the broker put it aside: " + text_of(headers, death_reason_header);
}

} // namespace

Message to_message(const Copy& copy) {
    const store::EventRecord& event = copy.event;
    Message message{event.id.substr(0, message_id_max), {}, event.data};
    message.headers = {
        {"cloudEvents:specversion", "1.0"},
        {"cloudEvents:id", event.id},
        {"cloudEvents:source", event.source},
        {"cloudEvents:type", event.type},
        {"cloudEvents:subject", event.subject},
        {"cloudEvents:time", to_rfc3339(event.time)},
        {"cloudEvents:sequence", std::to_string(event.sequence)},
        {"cloudEvents:epoch", std::to_string(event.epoch)},
    };
    if (!event.traceparent.empty()) {
        message.headers["cloudEvents:traceparent"] = event.traceparent;
    }
    if (copy.attempts > 0) message.headers[attempts_header] = std::int64_t{copy.attempts};
    if (!copy.reason.empty()) message.headers[reason_header] = shortened(copy.reason);
    if (copy.parked_at) message.headers[parked_at_header] = to_rfc3339(*copy.parked_at);
    return message;
}

Copy to_copy(const Message& message) {
    const Headers& headers = message.headers;
    Copy copy;
    store::EventRecord& event = copy.event;
    event.id = attribute(headers, "id");
    if (event.id.empty()) event.id = message.id;
    event.source = attribute(headers, "source");
    event.type = attribute(headers, "type");
    event.subject = attribute(headers, "subject");
    event.time = parse_rfc3339(attribute(headers, "time")).value_or(Instant{});
    event.sequence = number_of(attribute(headers, "sequence"));
    event.epoch = number_of(attribute(headers, "epoch"));
    event.traceparent = attribute(headers, "traceparent");
    event.data = message.body;
    copy.attempts = count_of(headers, attempts_header);
    copy.reason = text_of(headers, reason_header);
    copy.parked_at = parse_rfc3339(text_of(headers, parked_at_header));
    return copy;
}

int deliveries_before(const Message& message) {
    return count_of(message.headers, deliveries_header);
}

store::Parked to_parked(const Message& message, const std::string& subscriber) {
    Copy copy = to_copy(message);
    if (copy.parked_at) {
        return {std::move(copy.event), subscriber, copy.attempts, copy.reason, *copy.parked_at};
    }
    const int deliveries = static_cast<int>(delivery_limit) + 1;
    return {
        std::move(copy.event),
        subscriber,
        copy.attempts + deliveries,
        reason_for(message.headers, deliveries),
        died_at(message.headers),
    };
}

} // namespace backline::rabbitmq
