#include "adapters/sqlite/outbox.hpp"

namespace backline::sqlite {

void Outbox::note(std::string event_id, std::string subscriber, int attempts) {
    attempts_[std::move(event_id)][std::move(subscriber)] = attempts;
}

std::vector<Settled> Outbox::settle(const std::vector<std::string>& event_ids) {
    std::vector<Settled> settled;
    for (const std::string& id : event_ids) {
        const auto found = places_.find(id);
        if (found == places_.end()) continue;
        const bool was_tried = attempts_.erase(id) > 0;
        settled.push_back(Settled{found->second, was_tried ? id : std::string()});
        places_.erase(found);
    }
    return settled;
}

int Outbox::attempts(const std::string& event_id, const std::string& subscriber) const {
    const auto event = attempts_.find(event_id);
    if (event == attempts_.end()) return 0;
    const auto found = event->second.find(subscriber);
    return found == event->second.end() ? 0 : found->second;
}

} // namespace backline::sqlite
