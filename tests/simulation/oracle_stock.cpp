#include "services/inventory/holds/store.hpp"
#include "services/inventory/stock/store.hpp"
#include "services/orders/checkout/store.hpp"
#include "tests/simulation/oracles.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <set>

namespace backline::simulation {

using namespace inventory;
using orders::OrderStatus;

namespace {

/// The counters of one location, as its ledger tells them.
struct Counted {
    int on_hand = 0;
    int claimed = 0;

    void apply(const Movement& movement) {
        const int units = movement.quantity.value();
        switch (movement.kind) {
        case MovementKind::adjusted:
        case MovementKind::returned:
            on_hand += units;
            break;
        case MovementKind::claimed:
        case MovementKind::released:
            claimed += units;
            break;
        case MovementKind::committed:
            on_hand += units;
            claimed += units;
            break;
        }
    }
};

struct Findings {
    std::vector<std::string> all{};

    template <class... Args>
    void expect(bool holds, fmt::format_string<Args...> sentence, Args&&... args) {
        if (!holds) all.push_back(fmt::format(sentence, std::forward<Args>(args)...));
    }
};

using Ledger = std::vector<Movement>;

/// Invariants 1 to 4: the ledger explains the counters, at every moment none was oversold, no update was lost.
void check_ledger(const Stock& stock, const Ledger& ledger, Findings& found) {
    std::map<std::string, Counted> counted;
    for (const Movement& movement : ledger) {
        Counted& at = counted[movement.location.text()];
        at.apply(movement);
        const bool told = at.on_hand == movement.on_hand_after.value() &&
                          at.claimed == movement.claimed_after.value();
        found.expect(
            told, "inv 4: {} at {}: an update was lost", stock.sku.text(), movement.location.text()
        );
        const bool sound = at.claimed >= 0 && at.claimed <= at.on_hand;
        found.expect(
            sound, "inv 3: {} at {} was oversold", stock.sku.text(), movement.location.text()
        );
    }
    for (const LevelView& level : view_of(stock, 0).levels) {
        const Counted& at = counted[level.location.text()];
        found.expect(
            at.on_hand == level.on_hand.value(),
            "inv 1: {} on hand is not what its ledger says",
            stock.sku.text()
        );
        found.expect(
            at.claimed == level.claimed.value(),
            "inv 2: {} claimed is not what its ledger says",
            stock.sku.text()
        );
    }
}

/// Invariant 2, and nothing left half-done.
void check_claims(const Stock& stock, const std::map<std::string, Hold>& holds, Findings& found) {
    for (const Claim& claim : stock.claims) {
        const auto hold = holds.find(claim.hold.text());
        const bool stands = hold != holds.end() && hold->second.status == HoldStatus::held;
        found.expect(
            stands,
            "inv 2: {} is claimed by {}, which does not hold it",
            stock.sku.text(),
            claim.hold.text()
        );
    }
    found.expect(
        stock.marks.empty(), "inv 6: {} still carries marks of unfinished work", stock.sku.text()
    );
}

/// Invariants 6 and 7: each hold ends once, and as its order did.
void check_hold(
    const Hold& hold, const std::map<std::string, orders::Order>& orders, Findings& found
) {
    const auto order = orders.find(hold.order.text());
    found.expect(order != orders.end(), "inv 8: hold {} has no order", hold.order.text());
    if (order == orders.end()) return;
    const bool sold = order->second.status == OrderStatus::confirmed;
    const HoldStatus right = sold ? HoldStatus::committed : HoldStatus::released;
    found.expect(
        hold.status == right,
        "inv 7: order {} is {}, its hold {}",
        hold.order.text(),
        name_of(order->second.status),
        name_of(hold.status)
    );
}

/// Invariant 7 by the ledger: what an order took in the end is what it was sold.
void check_taken(
    const std::map<std::string, Ledger>& ledgers,
    const std::map<std::string, orders::Order>& orders,
    Findings& found
) {
    std::map<std::pair<std::string, std::string>, int> taken;
    for (const auto& [sku, ledger] : ledgers) {
        for (const Movement& movement : ledger) {
            const bool sale =
                movement.kind == MovementKind::committed || movement.kind == MovementKind::returned;
            if (sale) taken[{movement.reference->text(), sku}] -= movement.quantity.value();
        }
    }
    for (const auto& [id, order] : orders) {
        for (const orders::OrderLine& line : order.lines) {
            const bool sold = order.status == OrderStatus::confirmed;
            const int right = sold ? line.quantity.value() : 0;
            const int units = taken[{id, line.sku.text()}];
            found.expect(
                units == right,
                "inv 7: order {} took {} of {}, not {}",
                id,
                units,
                line.sku.text(),
                right
            );
        }
    }
}

} // namespace

std::vector<std::string> check_stock(World& world) {
    Findings found;
    const memory::MemoryDisk& disk = world.process("inventory").disk();
    const auto stocks = documents<Stock>(disk, "inventory.stock");
    const auto holds = documents<Hold>(disk, "inventory.holds");
    const auto placed = documents<orders::Order>(world.process("orders").disk(), "orders.orders");
    std::map<std::string, Ledger> ledgers;
    for (const auto& [sku, stock] : stocks) {
        ledgers[sku] = entries<Movement>(disk, stock_spec, sku);
        check_ledger(stock, ledgers[sku], found);
        check_claims(stock, holds, found);
        std::int64_t adjusted = 0;
        for (const Movement& movement : ledgers[sku]) {
            if (movement.kind == MovementKind::adjusted) adjusted += movement.quantity.value();
        }
        found.expect(
            adjusted == world.journal().adjusted[sku],
            "inv 1: {} was adjusted by {}, staff were told {}",
            sku,
            adjusted,
            world.journal().adjusted[sku]
        );
    }
    for (const auto& [id, hold] : holds) check_hold(hold, placed, found);
    for (const auto& [id, order] : placed) {
        found.expect(holds.contains(id), "inv 8: order {} never asked for stock", id);
    }
    check_taken(ledgers, placed, found);
    return found.all;
}

} // namespace backline::simulation
