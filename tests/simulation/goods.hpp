#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace backline::simulation {

/// What the simulated shop sells: some SKUs that everybody wants and few can have, some that never run out.
struct Good {
    std::string_view sku;
    std::int64_t price; ///< Minor units, at first.
    int main_units;     ///< On the shelf of `main`.
    int depot_units;    ///< On the shelf of `depot`.
};

inline constexpr std::array goods{
    Good{"HOT-LAST-ONE", 19'900, 1, 0},
    Good{"HOT-SPLIT", 4'900, 3, 3},
    Good{"HOT-FEW", 99'900, 4, 2},
    Good{"CABLE-XLR-5", 990, 500, 500},
    Good{"SPEAKER-12", 34'900, 200, 50},
    Good{"MIXER-16", 79'900, 60, 60},
};

} // namespace backline::simulation
