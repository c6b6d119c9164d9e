#include "adapters/rabbitmq/confirms.hpp"

#include <utility>

namespace backline::rabbitmq {

using Outcome = Settled::Outcome;

void Confirms::sent(Ticket ticket, std::string label) {
    open_.emplace(++last_, Sent{ticket, std::move(label)});
}

void Confirms::returned(const std::string& label) {
    for (auto& [number, sent] : open_) {
        if (sent.label == label) sent.returned = true;
    }
}

std::vector<Settled> Confirms::confirmed(std::uint64_t number, bool multiple, bool positive) {
    const auto first = multiple ? open_.begin() : open_.lower_bound(number);
    const auto last = open_.upper_bound(number);
    std::vector<Settled> settled;
    for (auto at = first; at != last; ++at) settled.push_back(settle(at->second, positive));
    open_.erase(first, last);
    return settled;
}

/// A nack comes from one of the queues; others may have taken their copy.
Settled Confirms::settle(const Sent& sent, bool positive) {
    if (sent.returned) {
        return {sent.ticket, Outcome::not_done, "the broker has no queue for " + sent.label};
    }
    if (!positive) {
        return {sent.ticket, Outcome::unknown, "a queue of the broker refused " + sent.label};
    }
    return {sent.ticket, Outcome::taken};
}

std::vector<Settled> Confirms::lost(const std::string& why) {
    std::vector<Settled> settled;
    for (const auto& [number, sent] : open_) {
        settled.push_back({sent.ticket, Outcome::unknown, why});
    }
    open_.clear();
    last_ = 0;
    return settled;
}

} // namespace backline::rabbitmq
