#pragma once

#include "platform/async/runtime.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace backline::security {

/// Unpredictable bytes for keys, salts and tokens: as good as the runtime's generator, and repeatable in the simulator.
template <std::size_t Count>
[[nodiscard]] std::array<std::uint8_t, Count> random_bytes(Runtime& runtime) {
    std::array<std::uint8_t, Count> bytes{};
    std::uint64_t word = 0;
    for (std::size_t at = 0; at < Count; ++at) {
        if (at % 8 == 0) word = runtime.random();
        bytes[at] = static_cast<std::uint8_t>(word >> (at % 8 * 8));
    }
    return bytes;
}

} // namespace backline::security
