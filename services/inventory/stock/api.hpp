#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/id.hpp"
#include "platform/base/list.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/catalog/events.hpp"
#include "services/inventory/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>

/// What crosses HTTP about stock.
namespace backline::inventory {

/// The short name of a place where goods lie: `main`, `stage-depot`.
struct LocationRule {
    static constexpr TextRules rules{
        .name = "location", .min = 2, .max = 30, .example = "main", .pattern = "^[a-z0-9-]{2,30}$"
    };

    static bool accepts(std::string_view raw) {
        for (const char c : raw) {
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
        }
        return true;
    }
};

using Location = CheckedText<LocationRule>;

/// A difference in units; negative ones lower the stock.
using UnitsDelta = Bounded<int, -10'000'000, 10'000'000>;

/// Why staff correct a stock by hand. There is no adjustment without a reason.
enum class AdjustmentReason { received, counted, damaged, lost, returned, correction };
BOOST_DESCRIBE_ENUM(AdjustmentReason, received, counted, damaged, lost, returned, correction)

/// `POST /v1/stock/{sku}/adjustments`
struct NewAdjustment {
    Location location;
    UnitsDelta quantity;
    AdjustmentReason reason = AdjustmentReason::correction;
    std::optional<Text<1, 200>> reference; ///< The delivery note, the order that came back, ...
};
BOOST_DESCRIBE_STRUCT(NewAdjustment, (), (location, quantity, reason, reference))

struct AdjustmentTag {
    static constexpr std::string_view prefix = "adj";
};

using AdjustmentId = Id<AdjustmentTag>;

/// A correction that was made. What the answer to the request says, now and on every repetition.
struct AdjustmentView {
    AdjustmentId id;
    catalog::Sku sku;
    Location location;
    UnitsDelta quantity;
    AdjustmentReason reason = AdjustmentReason::correction;
    std::optional<Text<1, 200>> reference;
    Text<1, 40> actor;
    Instant adjusted_at{};
};
BOOST_DESCRIBE_STRUCT(
    AdjustmentView, (), (id, sku, location, quantity, reason, reference, actor, adjusted_at)
)

struct LevelView {
    Location location;
    Units on_hand;
    Units claimed;
    Units available;
};
BOOST_DESCRIBE_STRUCT(LevelView, (), (location, on_hand, claimed, available))

/// The stock of one SKU as staff see it.
struct StockView {
    catalog::Sku sku;
    Units available; ///< Over all locations.
    List<LevelView, 20> levels;
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(StockView, (), (sku, available, levels, version))

enum class MovementKind { adjusted, claimed, released, committed, returned };
BOOST_DESCRIBE_ENUM(MovementKind, adjusted, claimed, released, committed, returned)

/// One entry of the ledger of a SKU, and what the counters of its location were right after it. Immutable; the entries
/// of a SKU, replayed, give its present levels.
struct Movement {
    std::int64_t number = 0; ///< 1, 2, 3, ... without gaps; given by the store.
    MovementKind kind = MovementKind::adjusted;
    Location location;
    UnitsDelta quantity; ///< What it did to on_hand (adjusted, committed, returned) or to claimed.
    Units on_hand_after;
    Units claimed_after;
    std::optional<AdjustmentReason> reason;
    std::optional<Text<1, 200>> reference; ///< The order, or what staff wrote.
    Text<1, 40> actor;                     ///< Who: a user id, or `orders` for the saga.
    Instant moved_at{};
};
BOOST_DESCRIBE_STRUCT(
    Movement,
    (),
    (number,
     kind,
     location,
     quantity,
     on_hand_after,
     claimed_after,
     reason,
     reference,
     actor,
     moved_at)
)

} // namespace backline::inventory
