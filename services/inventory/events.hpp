#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/change.hpp"
#include "platform/base/list.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/catalog/events.hpp"
#include "services/orders/events.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string_view>

/// What the Inventory Service tells the world.
namespace backline::inventory {

using Units = Bounded<int, 0, 10'000'000>;

/// What the world is told of stock: ten stands for ten or more. So most sales are no news, and nobody can count them.
using ToldUnits = Bounded<int, 0, 10>;

/// How many of a SKU could be sold now, over all locations: on hand less what is claimed.
struct AvailabilityChanged {
    static constexpr EventInfo event{
        "backline.inventory.availability_changed.v1", EventKind::state
    };

    catalog::Sku sku;
    ToldUnits available;
};
BOOST_DESCRIBE_STRUCT(AvailabilityChanged, (), (sku, available))

/// All lines are held until orders says otherwise. Answers `orders::StockHoldRequested`.
struct StockHeld {
    static constexpr EventInfo event{"backline.inventory.stock_held.v1", EventKind::fact};

    orders::SagaRef ref;
};
BOOST_DESCRIBE_STRUCT(StockHeld, (), (ref))

/// What one SKU lacked.
struct Shortage {
    catalog::Sku sku;
    Units wanted;
    Units available;

    bool operator==(const Shortage&) const = default;
};
BOOST_DESCRIBE_STRUCT(Shortage, (), (sku, wanted, available))

/// Nothing is held, and nothing will be for this order. Answers `orders::StockHoldRequested`.
struct StockRefused {
    static constexpr EventInfo event{"backline.inventory.stock_refused.v1", EventKind::fact};

    orders::SagaRef ref;
    List<Shortage, 100> shortages;
};
BOOST_DESCRIBE_STRUCT(StockRefused, (), (ref, shortages))

/// The goods are sold. Answers `orders::StockCommitRequested`.
struct StockCommitted {
    static constexpr EventInfo event{"backline.inventory.stock_committed.v1", EventKind::fact};

    orders::SagaRef ref;
};
BOOST_DESCRIBE_STRUCT(StockCommitted, (), (ref))

/// Nothing is held or sold for this order any more, and nothing will be. Answers `orders::StockReleaseRequested`.
struct StockReleased {
    static constexpr EventInfo event{"backline.inventory.stock_released.v1", EventKind::fact};

    orders::SagaRef ref;
};
BOOST_DESCRIBE_STRUCT(StockReleased, (), (ref))

} // namespace backline::inventory
