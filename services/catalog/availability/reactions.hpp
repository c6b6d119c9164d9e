#pragma once

#include "platform/service/service.hpp"
#include "services/catalog/availability/store.hpp"
#include "services/inventory/events.hpp"

/// How the catalog hears of stock.
namespace backline::catalog {

class AvailabilityReactions final {
public:
    explicit AvailabilityReactions(AvailabilityCollection& availability)
        : availability_(availability) {}

    Task<> availability_changed(Message message, inventory::AvailabilityChanged event);

    /// Rises when something that is shown changes: what cached pages are valid for.
    [[nodiscard]] const std::uint64_t& generation() const { return generation_; }

private:
    AvailabilityCollection& availability_;
    std::uint64_t generation_ = 1;
};

} // namespace backline::catalog
