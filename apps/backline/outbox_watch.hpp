#pragma once

#include "platform/observe/log.hpp"
#include "platform/observe/metrics.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace backline::app {

/// Sees to it that somebody hears of an outbox that grows, long before its document has no room for it. What fills one
/// is a bus that takes nothing, or one document that everybody changes. Loop thread only.
class OutboxWatch final {
public:
    static constexpr std::int64_t events_max = 64;
    static constexpr std::int64_t bytes_max = std::int64_t{256} * 1024;

    OutboxWatch(observe::Log& log, observe::Metrics& metrics) : log_(log), metrics_(metrics) {}

    /// The fullest outbox of this collection holds so much. Sets the metrics; logs `outbox_crowded` and
    /// `outbox_relieved` when that begins and ends.
    void counted(const std::string& collection, std::int64_t events, std::int64_t bytes);

private:
    observe::Log& log_;
    observe::Metrics& metrics_;
    std::set<std::string> crowded_;
};

} // namespace backline::app
