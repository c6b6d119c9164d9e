#pragma once

#include "platform/base/change.hpp"
#include "services/catalog/availability/api.hpp"
#include "services/catalog/events.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>

/// What the catalog knows of stock: inventory's word, kept per SKU.
namespace backline::catalog {

struct Availability {
    Sku sku;
    int available = 0;
    std::int64_t epoch = 0;
    std::int64_t sequence = 0;
};
BOOST_DESCRIBE_STRUCT(Availability, (), (sku, available, epoch, sequence))

[[nodiscard]] ShownUnits shown(int available);

} // namespace backline::catalog
