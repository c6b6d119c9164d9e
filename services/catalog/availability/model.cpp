#include "services/catalog/availability/model.hpp"

#include <algorithm>

namespace backline::catalog {

ShownUnits shown(int available) {
    return ShownUnits::of(std::clamp(available, ShownUnits::min, ShownUnits::max));
}

} // namespace backline::catalog
