#pragma once

#include "adapters/sqlite/work.hpp"

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace backline::sqlite {

/// What the loop knows of the outbox without asking the file: which events are not settled, where they lie, and how
/// often their delivery was tried. About 100 bytes per event. Saves an index over event ids in the file, which would
/// cost two page writes per event. Loop thread only.
class Outbox final {
public:
    void add(const std::string& event_id, Place place) { places_[event_id] = place; }

    void note(std::string event_id, std::string subscriber, int attempts);

    /// Forgets these events and says which rows go. Those that it does not know are no news.
    [[nodiscard]] std::vector<Settled> settle(const std::vector<std::string>& event_ids);

    [[nodiscard]] bool holds(const std::string& event_id) const {
        return places_.contains(event_id);
    }

    [[nodiscard]] int attempts(const std::string& event_id, const std::string& subscriber) const;

    [[nodiscard]] std::size_t size() const { return places_.size(); }

private:
    std::unordered_map<std::string, Place> places_;
    std::map<std::string, std::map<std::string, int>> attempts_; ///< By event, then subscriber.
};

} // namespace backline::sqlite
