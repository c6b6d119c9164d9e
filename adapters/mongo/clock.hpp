#pragma once

#include <compare>
#include <cstdint>
#include <mutex>

namespace backline::mongo {

/// A point in the replica set's history (`operationTime`).
struct OperationTime {
    std::uint32_t seconds = 0;
    std::uint32_t increment = 0;

    auto operator<=>(const OperationTime&) const = default;
};

/// The newest point that this process knows of. Every read asks for this or later, so that nothing is older than what
/// was read or committed before, whichever member answers. Any thread.
class Clock final {
public:
    void saw(OperationTime time) {
        const std::scoped_lock lock(mutex_);
        if (time > newest_) newest_ = time;
    }

    [[nodiscard]] OperationTime newest() const {
        const std::scoped_lock lock(mutex_);
        return newest_;
    }

private:
    mutable std::mutex mutex_;
    OperationTime newest_;
};

} // namespace backline::mongo
