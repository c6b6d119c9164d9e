#pragma once

#include "platform/base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace backline::rabbitmq {

/// The pauses between attempts to connect: doubling, bounded, and cut by up to a half so that many processes that lost
/// one broker do not come back together. Pure.
class Backoff final {
public:
    Backoff(Duration first, Duration longest, std::uint64_t seed)
        : first_(first)
        , longest_(longest)
        , chance_(seed) {}

    [[nodiscard]] Duration next() {
        const Duration full = std::min(first_ * (1 << std::min(failures_, 20)), longest_);
        ++failures_;
        chance_ = chance_ * 6364136223846793005U + 1442695040888963407U; // Knuth's generator.
        const auto half = static_cast<std::uint64_t>(full.count() / 2 + 1);
        return full - Duration{static_cast<std::int64_t>((chance_ >> 33U) % half)};
    }

    void succeeded() { failures_ = 0; }

private:
    Duration first_;
    Duration longest_;
    std::uint64_t chance_;
    int failures_ = 0;
};

} // namespace backline::rabbitmq
