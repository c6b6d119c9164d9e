#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/inventory/stock/api.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>
#include <string>
#include <vector>

/// Decisions about the stock of one SKU. Pure. Every one that changes a counter records the movement that explains it,
/// and tells the availability where that changed, in the same commit.
namespace backline::inventory {

/// applying -> applied (its mark is still in the stock) -> done; or refused, until the same request is repeated.
enum class AdjustmentStatus { applying, refused, applied, done };
BOOST_DESCRIBE_ENUM(AdjustmentStatus, applying, refused, applied, done)

struct Level {
    Location location;
    Units on_hand;

    bool operator==(const Level&) const = default;
};
BOOST_DESCRIBE_STRUCT(Level, (), (location, on_hand))

/// Units of one location that are promised to a hold and still on the shelf.
struct Claim {
    orders::OrderId hold;
    Location location;
    Units quantity;

    bool operator==(const Claim&) const = default;
};
BOOST_DESCRIBE_STRUCT(Claim, (), (hold, location, quantity))

/// The stock of one SKU over all locations; its id is the SKU.
struct Stock {
    catalog::Sku sku;
    List<Level, 20> levels;
    std::vector<Claim> claims{};
    /// Effects that must not happen twice and whose leading document is not finished yet: returns of holds that are
    /// `releasing`, adjustments that are `applying`. Removed when the leader is done; see `unmark`.
    std::vector<std::string> marks{};
};
BOOST_DESCRIBE_STRUCT(Stock, (), (sku, levels, claims, marks))

/// A correction by staff on its way into the stock: written before the stock is touched, so that a repetition, or the
/// clock, carries on where the first try stopped.
struct Adjustment {
    AdjustmentView view;
    AdjustmentStatus status = AdjustmentStatus::applying;
    std::optional<Instant> due_at{}; ///< While it is not done.
};
BOOST_DESCRIBE_STRUCT(Adjustment, (), (view, status, due_at))

/// What the first request of its kind, or a repetition of it, makes of an adjustment.
Change<Adjustment> begin_adjustment(const Adjustment* known, const AdjustmentView& asked);

/// Its next status. Nothing if it has it, or a later one.
Change<Adjustment> move_on(const Adjustment& adjustment, AdjustmentStatus status);

[[nodiscard]] int on_hand(const Stock& stock);
[[nodiscard]] int claimed(const Stock& stock);
[[nodiscard]] Units available(const Stock& stock);
[[nodiscard]] StockView view_of(const Stock& stock, std::int64_t version);

/// Who moves stock, and for what; goes into the ledger.
struct Cause {
    Text<1, 40> actor;
    std::optional<Text<1, 200>> reference;
    Instant at{};
};

/// The first that inventory hears of a SKU: an empty stock. Nothing if it is known.
Change<Stock> introduce(const Stock* stock, const catalog::Sku& sku);

/// Adds to or takes from one location, once per `id`. Refuses `sku_unknown`; `stock_below_claims` where units that
/// orders claim would be missing; `stock_too_large` beyond the limits of a stock. A refused adjustment may be tried
/// again under its id.
Result<Change<Stock>> adjust(const Stock* stock, const AdjustmentView& adjustment);

/// Claims `quantity` units for a hold, from the fullest locations first, over several if it must; all or nothing, once
/// per hold. Answers the shortage, and changes nothing, where there are too few.
struct Claimed {
    Change<Stock> change;
    std::optional<Shortage> shortage;
};

Claimed claim(
    const Stock* stock, const orders::SkuQuantity& line, orders::OrderId hold, const Cause& cause
);

/// Gives up what a hold claims here. Writes even if it claims nothing: the new version shuts out a claimer that read
/// the stock before (ARCHITECTURE.md).
Change<Stock> release(const Stock* stock, orders::OrderId hold, const Cause& cause);

/// Sells what a hold claims here: the claim goes, and so do the units. Nothing if it claims nothing (any more).
Change<Stock> commit(const Stock* stock, orders::OrderId hold, const Cause& cause);

/// Undoes what a committed hold did here, once, remembered by a mark until the hold is released: units that were sold
/// go back to where they were picked, claims that nobody got round to selling are given up.
Change<Stock> take_back(
    const Stock* stock, const std::vector<Claim>& picked, orders::OrderId hold, const Cause& cause
);

/// What `hold` claims here.
[[nodiscard]] std::vector<Claim> claims_of(const Stock& stock, orders::OrderId hold);

/// Forgets a mark whose leading document is finished.
Change<Stock> unmark(const Stock* stock, const std::string& mark);

} // namespace backline::inventory
