#include "services/catalog/availability/reactions.hpp"

#include "platform/base/projection.hpp"

namespace backline::catalog {

Task<> AvailabilityReactions::availability_changed(
    Message message, inventory::AvailabilityChanged event
) {
    const int units = event.available.value();
    const Availability news{event.sku, units, message.epoch, message.sequence};
    bool visible = false;
    const auto decide = [&](const Availability* known) -> Result<Change<Availability>> {
        // A commit of unknown outcome comes again, and may find itself done: what is shown has changed all the same.
        const bool again = known != nullptr && known->sequence == message.sequence;
        visible = known == nullptr || again || shown(known->available) != shown(units);
        return keep_newest(known, news);
    };
    const auto kept = co_await availability_.update(event.sku, decide, message.cause);
    require(kept);
    if (visible) ++generation_;
}

} // namespace backline::catalog
