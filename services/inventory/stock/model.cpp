#include "services/inventory/stock/model.hpp"

#include "platform/base/invariant.hpp"
#include "services/inventory/errors.hpp"

#include <algorithm>
#include <numeric>

namespace backline::inventory {

namespace {

/// How long a half-done adjustment may lie before the clock takes it up.
constexpr Duration sweep_after{10'000};

int claimed_at(const Stock& stock, const Location& location) {
    int sum = 0;
    for (const Claim& claim : stock.claims) {
        if (claim.location == location) sum += claim.quantity.value();
    }
    return sum;
}

int on_hand_at(const Stock& stock, const Location& location) {
    const auto level = std::ranges::find(stock.levels, location, &Level::location);
    return level == stock.levels.end() ? 0 : level->on_hand.value();
}

int free_at(const Stock& stock, const Location& location) {
    return on_hand_at(stock, location) - claimed_at(stock, location);
}

void add_at(Stock& stock, const Location& location, int delta) {
    auto level = std::ranges::find(stock.levels, location, &Level::location);
    if (level == stock.levels.end()) {
        stock.levels.push_back({location, Units::of(0)});
        level = stock.levels.end() - 1;
    }
    level->on_hand = Units::of(level->on_hand.value() + delta);
}

bool marked(const Stock& stock, const std::string& mark) {
    return std::ranges::find(stock.marks, mark) != stock.marks.end();
}

/// Locations with the most free units first; equals by name, so that the choice is the same everywhere.
std::vector<Location> by_free_units(const Stock& stock) {
    std::vector<Location> locations;
    for (const Level& level : stock.levels) locations.push_back(level.location);
    std::ranges::sort(locations, [&](const Location& left, const Location& right) {
        const int more = free_at(stock, right) - free_at(stock, left);
        return more != 0 ? more < 0 : left < right;
    });
    return locations;
}

/// More than this cannot be adjusted into a stock; the rest of what `Units` can count is room for goods that come back.
constexpr int on_hand_max = 9'000'000;
constexpr std::size_t locations_max = decltype(Stock::levels)::max_items;

bool has_room(const Stock& stock, const Location& location, int delta) {
    const auto level = std::ranges::find(stock.levels, location, &Level::location);
    if (level == stock.levels.end() && stock.levels.size() == locations_max) return false;
    return delta < 0 || on_hand(stock) + delta <= on_hand_max;
}

ToldUnits told(const Stock& stock) {
    return ToldUnits::of(std::min(available(stock).value(), ToldUnits::max));
}

/// A stock on its way to its next state, and the movements that lead there.
struct Draft {
    Stock next;
    Cause cause;
    ToldUnits told_before = told(next);
    std::vector<Movement> movements{};

    void move(
        MovementKind kind,
        const Location& location,
        int quantity,
        std::optional<AdjustmentReason> reason = std::nullopt
    ) {
        movements.push_back(
            {0,
             kind,
             location,
             UnitsDelta::of(quantity),
             Units::of(on_hand_at(next, location)),
             Units::of(claimed_at(next, location)),
             reason,
             cause.reference,
             cause.actor,
             cause.at}
        );
    }

    /// Takes away what `hold` claims; answers the claims.
    std::vector<Claim> take_claims(orders::OrderId hold) {
        std::vector<Claim> taken = claims_of(next, hold);
        std::erase_if(next.claims, [&](const Claim& claim) { return claim.hold == hold; });
        return taken;
    }

    void give_up(orders::OrderId hold) {
        for (const Claim& claim : take_claims(hold)) {
            move(MovementKind::released, claim.location, -claim.quantity.value());
        }
    }

    Change<Stock> done() && {
        const AvailabilityChanged news{next.sku, told(next)};
        Change<Stock> change = Change<Stock>::to(std::move(next));
        for (Movement& movement : movements) change.record(std::move(movement));
        if (news.available != told_before) change.raise(news);
        return change;
    }
};

} // namespace

Change<Adjustment> begin_adjustment(const Adjustment* known, const AdjustmentView& asked) {
    const bool fresh = known == nullptr || known->status == AdjustmentStatus::refused;
    if (!fresh) return Change<Adjustment>::nothing();
    const AdjustmentView& view = known == nullptr ? asked : known->view;
    return Change<Adjustment>::to(
        {view, AdjustmentStatus::applying, asked.adjusted_at + sweep_after}
    );
}

Change<Adjustment> move_on(const Adjustment& adjustment, AdjustmentStatus status) {
    if (adjustment.status >= status) return Change<Adjustment>::nothing();
    Adjustment next = adjustment;
    next.status = status;
    if (status != AdjustmentStatus::applied) next.due_at.reset();
    return Change<Adjustment>::to(std::move(next));
}

int on_hand(const Stock& stock) {
    return std::accumulate(
        stock.levels.begin(),
        stock.levels.end(),
        0,
        [](int sum, const Level& level) { return sum + level.on_hand.value(); }
    );
}

int claimed(const Stock& stock) {
    return std::accumulate(
        stock.claims.begin(),
        stock.claims.end(),
        0,
        [](int sum, const Claim& claim) { return sum + claim.quantity.value(); }
    );
}

Units available(const Stock& stock) {
    return Units::of(on_hand(stock) - claimed(stock));
}

StockView view_of(const Stock& stock, std::int64_t version) {
    StockView view{stock.sku, available(stock), {}, version};
    for (const Level& level : stock.levels) {
        const Units claims = Units::of(claimed_at(stock, level.location));
        const Units free = Units::of(level.on_hand.value() - claims.value());
        view.levels.push_back({level.location, level.on_hand, claims, free});
    }
    return view;
}

Change<Stock> introduce(const Stock* stock, const catalog::Sku& sku) {
    if (stock != nullptr) return Change<Stock>::nothing();
    return Change<Stock>::to(Stock{sku, {}}).raise(AvailabilityChanged{sku, ToldUnits::of(0)});
}

Result<Change<Stock>> adjust(const Stock* stock, const AdjustmentView& adjustment) {
    if (stock == nullptr) return refuse(error("sku_unknown"), "Inventory knows no such SKU.");
    if (marked(*stock, adjustment.id.text())) return Change<Stock>::nothing();
    const int delta = adjustment.quantity.value();
    const int free = free_at(*stock, adjustment.location);
    if (free + delta < 0) {
        return refuse(
            error("stock_below_claims"),
            "Only " + std::to_string(free) + " units at " + adjustment.location.text() +
                " are free."
        );
    }
    if (!has_room(*stock, adjustment.location, delta)) {
        return refuse(
            error("stock_too_large"), "This adjustment would go beyond the limits of a stock."
        );
    }
    Draft draft{*stock, {adjustment.actor, adjustment.reference, adjustment.adjusted_at}};
    add_at(draft.next, adjustment.location, delta);
    draft.next.marks.push_back(adjustment.id.text());
    draft.move(MovementKind::adjusted, adjustment.location, delta, adjustment.reason);
    return std::move(draft).done();
}

Claimed claim(
    const Stock* stock, const orders::SkuQuantity& line, orders::OrderId hold, const Cause& cause
) {
    const int wanted = line.quantity.value();
    const int free = stock == nullptr ? 0 : available(*stock).value();
    const bool again = stock != nullptr &&
                       std::ranges::find(stock->claims, hold, &Claim::hold) != stock->claims.end();
    if (again) return {Change<Stock>::nothing(), std::nullopt};
    if (free < wanted) {
        return {Change<Stock>::nothing(), Shortage{line.sku, Units::of(wanted), Units::of(free)}};
    }
    Draft draft{*stock, cause};
    int missing = wanted;
    for (const Location& location : by_free_units(*stock)) {
        const int taken = std::min(missing, free_at(draft.next, location));
        if (taken <= 0) break;
        draft.next.claims.push_back({hold, location, Units::of(taken)});
        draft.move(MovementKind::claimed, location, taken);
        missing -= taken;
    }
    INVARIANT(missing == 0, "what is available over all locations can be claimed from them");
    return {std::move(draft).done(), std::nullopt};
}

Change<Stock> release(const Stock* stock, orders::OrderId hold, const Cause& cause) {
    if (stock == nullptr) return Change<Stock>::nothing();
    Draft draft{*stock, cause};
    draft.give_up(hold);
    if (draft.movements.empty()) return Change<Stock>::to(*stock);
    return std::move(draft).done();
}

Change<Stock> commit(const Stock* stock, orders::OrderId hold, const Cause& cause) {
    if (stock == nullptr) return Change<Stock>::nothing();
    Draft draft{*stock, cause};
    for (const Claim& claim : draft.take_claims(hold)) {
        add_at(draft.next, claim.location, -claim.quantity.value());
        draft.move(MovementKind::committed, claim.location, -claim.quantity.value());
    }
    if (draft.movements.empty()) return Change<Stock>::nothing();
    return std::move(draft).done();
}

Change<Stock> take_back(
    const Stock* stock, const std::vector<Claim>& picked, orders::OrderId hold, const Cause& cause
) {
    if (stock == nullptr || marked(*stock, hold.text())) return Change<Stock>::nothing();
    Draft draft{*stock, cause};
    draft.next.marks.push_back(hold.text());
    draft.give_up(hold);
    if (!draft.movements.empty()) return std::move(draft).done();
    for (const Claim& pick : picked) {
        add_at(draft.next, pick.location, pick.quantity.value());
        draft.move(MovementKind::returned, pick.location, pick.quantity.value());
    }
    return std::move(draft).done();
}

std::vector<Claim> claims_of(const Stock& stock, orders::OrderId hold) {
    std::vector<Claim> claims;
    std::ranges::copy_if(stock.claims, std::back_inserter(claims), [&](const Claim& claim) {
        return claim.hold == hold;
    });
    return claims;
}

Change<Stock> unmark(const Stock* stock, const std::string& mark) {
    if (stock == nullptr || !marked(*stock, mark)) return Change<Stock>::nothing();
    Stock next = *stock;
    std::erase(next.marks, mark);
    return Change<Stock>::to(std::move(next));
}

} // namespace backline::inventory
