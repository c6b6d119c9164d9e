#include "apps/backline/outbox_watch.hpp"

namespace backline::app {

void OutboxWatch::counted(const std::string& collection, std::int64_t events, std::int64_t bytes) {
    const observe::Labels of{{"collection", collection}};
    metrics_
        .gauge("backline_outbox_fullest_events", "Events in the fullest outbox of a document.", of)
        .set(static_cast<double>(events));
    metrics_
        .gauge("backline_outbox_fullest_bytes", "Bytes of the largest outbox of a document.", of)
        .set(static_cast<double>(bytes));
    const bool was = crowded_.contains(collection);
    // Relieved at half of it, so that one that swings around the limit does not fill the log.
    const std::int64_t part = was ? 2 : 1;
    const bool crowded = events >= events_max / part || bytes >= bytes_max / part;
    if (crowded == was) return;
    if (crowded) {
        crowded_.insert(collection);
    } else {
        crowded_.erase(collection);
    }
    const auto level = crowded ? observe::Level::warning : observe::Level::info;
    const observe::LogField fields[] = {
        {"collection", collection}, {"events", events}, {"bytes", bytes}
    };
    log_.write(level, crowded ? "outbox_crowded" : "outbox_relieved", fields);
}

} // namespace backline::app
