// At stake: units that are sold twice, lost, or that nobody can account for.
// Method: one small table per decision, then long random sequences whose ledger must explain every counter.
#include "adapters/memory/virtual_loop.hpp"
#include "services/inventory/errors.hpp"
#include "services/inventory/stock/model.hpp"

#include <gtest/gtest.h>

#include <map>

namespace backline::inventory {
namespace {

const catalog::Sku sku = catalog::Sku::of("MIC-1");
const Location hall = Location::of("hall");
const Location main_store = Location::of("main");
const Cause cause{Text<1, 40>::of("orders"), std::nullopt, Instant{Duration{1000}}};

orders::OrderId order(std::uint64_t number) {
    return orders::OrderId::from_parts(Instant{Duration{1}}, number, number);
}

AdjustmentView adjustment(
    int quantity, const Location& location = main_store, std::uint64_t number = 1
) {
    AdjustmentView view;
    view.id = AdjustmentId::from_parts(Instant{Duration{1}}, number, number);
    view.sku = sku;
    view.location = location;
    view.quantity = UnitsDelta::of(quantity);
    view.actor = Text<1, 40>::of("usr_staff");
    return view;
}

orders::SkuQuantity wanted(int quantity) {
    return {sku, orders::Quantity::of(quantity)};
}

/// Six units in the main store, four in the hall.
Stock ten() {
    Stock stock{sku, {}};
    stock.levels = {{main_store, Units::of(6)}, {hall, Units::of(4)}};
    return stock;
}

Stock after(const Stock& stock, const Change<Stock>& change) {
    return change.next ? *change.next : stock;
}

Stock claimed_by(orders::OrderId hold, int quantity, const Stock& stock) {
    return after(stock, claim(&stock, wanted(quantity), hold, cause).change);
}

std::vector<Movement> movements(const Change<Stock>& change) {
    std::vector<Movement> found;
    for (const Described& entry : change.entries) {
        found.push_back(*static_cast<const Movement*>(entry.value.get()));
    }
    return found;
}

std::optional<int> told(const Change<Stock>& change) {
    if (change.events.empty()) return std::nullopt;
    return static_cast<const AvailabilityChanged*>(change.events.back().data.value.get())
        ->available.value();
}

std::string code_of(const Result<Change<Stock>>& result) {
    return result ? "" : std::string(result.error().refusal->code);
}

// --- introduce -----------------------------------------------------------------------------------------------------

TEST(Stock, is_empty_when_it_is_introduced_and_says_so_once) {
    const Change<Stock> first = introduce(nullptr, sku);
    EXPECT_EQ(told(first), 0);
    EXPECT_FALSE(introduce(&*first.next, sku).next);
}

// --- adjust --------------------------------------------------------------------------------------------------------

TEST(Adjust, follows_its_table) {
    struct Row {
        const char* what;
        int quantity;
        Location location;
        int claimed;
        std::string refused;
        int available;
    };

    const Row rows[] = {
        {"add", 5, main_store, 0, "", 15},
        {"add at a new place", 5, Location::of("van"), 0, "", 15},
        {"take some", -4, hall, 0, "", 6},
        {"take all that is free", -6, main_store, 0, "", 4},
        {"take more than is there", -7, main_store, 0, "stock_below_claims", 10},
        {"take where nothing is", -1, Location::of("van"), 0, "stock_below_claims", 10},
        {"take what is claimed", -4, main_store, 3, "stock_below_claims", 7},
        {"take what is left beside claims", -3, main_store, 3, "", 4},
        {"the most that may lie there", 8'999'990, main_store, 0, "", 9'000'000},
        {"one more than that", 8'999'991, main_store, 0, "stock_too_large", 10},
    };
    for (const Row& row : rows) {
        const Stock stock = row.claimed > 0 ? claimed_by(order(1), row.claimed, ten()) : ten();
        const Result<Change<Stock>> change = adjust(&stock, adjustment(row.quantity, row.location));
        EXPECT_EQ(code_of(change), row.refused) << row.what;
        const Stock next = change ? after(stock, *change) : stock;
        EXPECT_EQ(available(next).value(), row.available) << row.what;
    }
}

TEST(Adjust, refuses_a_sku_that_nobody_introduced) {
    EXPECT_EQ(code_of(adjust(nullptr, adjustment(1))), "sku_unknown");
}

TEST(Adjust, refuses_one_location_too_many) {
    Stock stock{sku, {}};
    for (int i = 10; i < 30; ++i) {
        stock.levels.push_back({Location::of("place-" + std::to_string(i)), Units::of(1)});
    }
    EXPECT_EQ(code_of(adjust(&stock, adjustment(1))), "stock_too_large");
    EXPECT_EQ(code_of(adjust(&stock, adjustment(1, Location::of("place-10")))), "");
}

TEST(Adjust, happens_once_per_id_until_its_mark_is_removed) {
    const Stock stock = ten();
    const Stock next = *adjust(&stock, adjustment(5))->next;
    EXPECT_FALSE(adjust(&next, adjustment(5))->next);
    EXPECT_TRUE(adjust(&next, adjustment(5, main_store, 2))->next);
    const Stock forgotten = *unmark(&next, adjustment(5).id.text()).next;
    EXPECT_TRUE(forgotten.marks.empty());
    EXPECT_FALSE(unmark(&forgotten, adjustment(5).id.text()).next);
}

TEST(Adjust, records_who_why_and_the_counters_afterwards) {
    const Stock stock = claimed_by(order(1), 2, ten());
    AdjustmentView asked = adjustment(-1);
    asked.reason = AdjustmentReason::damaged;
    const std::vector<Movement> entries = movements(*adjust(&stock, asked));
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].kind, MovementKind::adjusted);
    EXPECT_EQ(entries[0].quantity.value(), -1);
    EXPECT_EQ(entries[0].on_hand_after.value(), 5);
    EXPECT_EQ(entries[0].claimed_after.value(), 2);
    EXPECT_EQ(entries[0].reason, AdjustmentReason::damaged);
    EXPECT_EQ(entries[0].actor.text(), "usr_staff");
}

// --- claim, release, commit ----------------------------------------------------------------------------------------

TEST(Claim, takes_from_the_fullest_location_first_and_from_the_next_if_it_must) {
    const Stock stock = ten();
    const std::vector<Claim> few = claims_of(claimed_by(order(1), 5, stock), order(1));
    EXPECT_EQ(few, (std::vector<Claim>{{order(1), main_store, Units::of(5)}}));
    const std::vector<Claim> many = claims_of(claimed_by(order(1), 8, stock), order(1));
    EXPECT_EQ(
        many,
        (std::vector<Claim>{{order(1), main_store, Units::of(6)}, {order(1), hall, Units::of(2)}})
    );
}

TEST(Claim, counts_what_others_claim_and_breaks_ties_by_name) {
    const Stock stock = claimed_by(order(1), 2, ten());
    const Stock next = claimed_by(order(2), 1, stock);
    EXPECT_EQ(claims_of(next, order(2)), (std::vector<Claim>{{order(2), hall, Units::of(1)}}));
}

TEST(Claim, takes_all_or_nothing_and_tells_the_shortage) {
    const Stock stock = claimed_by(order(1), 3, ten());
    const Claimed all = claim(&stock, wanted(7), order(2), cause);
    EXPECT_FALSE(all.shortage);
    EXPECT_EQ(told(all.change), 0);
    const Claimed none = claim(&stock, wanted(8), order(2), cause);
    EXPECT_FALSE(none.change.next);
    EXPECT_EQ(none.shortage, (Shortage{sku, Units::of(8), Units::of(7)}));
    const Claimed unknown = claim(nullptr, wanted(1), order(2), cause);
    EXPECT_EQ(unknown.shortage, (Shortage{sku, Units::of(1), Units::of(0)}));
}

TEST(Claim, is_told_only_where_less_than_ten_are_left) {
    Stock stock = ten();
    stock.levels.front().on_hand = Units::of(8);
    EXPECT_EQ(told(claim(&stock, wanted(2), order(1), cause).change), std::nullopt);
    EXPECT_EQ(told(claim(&stock, wanted(3), order(1), cause).change), 9);
}

TEST(Claim, happens_once_per_hold) {
    const Stock stock = claimed_by(order(1), 9, ten());
    const Claimed again = claim(&stock, wanted(9), order(1), cause);
    EXPECT_FALSE(again.change.next);
    EXPECT_FALSE(again.shortage);
}

TEST(Release, gives_up_what_the_hold_claims_and_nothing_else) {
    const Stock stock = claimed_by(order(2), 1, claimed_by(order(1), 8, ten()));
    const Change<Stock> change = release(&stock, order(1), cause);
    EXPECT_EQ(told(change), 9);
    EXPECT_EQ(movements(change).size(), 2U);
    EXPECT_TRUE(claims_of(*change.next, order(1)).empty());
    EXPECT_EQ(claimed(*change.next), 1);
}

TEST(Release, writes_even_if_nothing_is_claimed) {
    const Stock stock = ten();
    const Change<Stock> change = release(&stock, order(1), cause);
    EXPECT_TRUE(change.next);
    EXPECT_TRUE(change.events.empty());
    EXPECT_TRUE(change.entries.empty());
    EXPECT_FALSE(release(nullptr, order(1), cause).next);
}

TEST(Commit, takes_units_off_the_shelf_where_they_were_claimed) {
    const Stock stock = claimed_by(order(1), 8, ten());
    const Change<Stock> change = commit(&stock, order(1), cause);
    EXPECT_EQ(on_hand(*change.next), 2);
    EXPECT_EQ(claimed(*change.next), 0);
    EXPECT_EQ(movements(change).size(), 2U);
    EXPECT_TRUE(change.events.empty()) << "what is available stays the same";
}

TEST(Commit, does_nothing_where_nothing_is_claimed) {
    const Stock stock = claimed_by(order(1), 8, ten());
    const Stock next = *commit(&stock, order(1), cause).next;
    EXPECT_FALSE(commit(&next, order(1), cause).next);
    EXPECT_FALSE(commit(nullptr, order(1), cause).next);
}

TEST(TakeBack, puts_sold_units_back_where_they_were_picked_once) {
    const Stock stock = claimed_by(order(1), 8, ten());
    const std::vector<Claim> picked = claims_of(stock, order(1));
    const Stock sold = *commit(&stock, order(1), cause).next;
    const Change<Stock> back = take_back(&sold, picked, order(1), cause);
    EXPECT_EQ(back.next->levels, ten().levels);
    EXPECT_EQ(told(back), 10);
    EXPECT_FALSE(take_back(&*back.next, picked, order(1), cause).next);
    const Stock forgotten = *unmark(&*back.next, order(1).text()).next;
    EXPECT_TRUE(forgotten.marks.empty());
}

TEST(TakeBack, gives_up_claims_that_nobody_got_round_to_selling) {
    const Stock stock = claimed_by(order(1), 8, ten());
    const Change<Stock> back = take_back(&stock, claims_of(stock, order(1)), order(1), cause);
    EXPECT_EQ(on_hand(*back.next), 10);
    EXPECT_EQ(claimed(*back.next), 0);
    EXPECT_FALSE(commit(&*back.next, order(1), cause).next) << "a late sale finds nothing to sell";
}

// --- any sequence --------------------------------------------------------------------------------------------------

/// A stock, its whole ledger, and what a store and a bus would have kept.
struct World {
    Stock stock = *introduce(nullptr, sku).next;
    std::vector<Movement> ledger{};
    int last_told = 0;
    std::map<std::uint64_t, std::vector<Claim>> picks{};

    void apply(const Change<Stock>& change) {
        stock = after(stock, change);
        for (Movement& movement : movements(change)) ledger.push_back(std::move(movement));
        last_told = told(change).value_or(last_told);
    }

    void act(memory::SeededRandom& random, std::uint64_t step) {
        const std::uint64_t hold = random.below(5);
        const Location place = random.chance(500) ? main_store : hall;
        enum class Deed : std::uint8_t { adjusts, claims, commits, takes_back, releases };
        switch (static_cast<Deed>(random.below(5))) {
        case Deed::adjusts: {
            const int quantity = static_cast<int>(random.below(12)) - 4;
            const Result<Change<Stock>> change = adjust(&stock, adjustment(quantity, place, step));
            if (change) apply(*change);
            break;
        }
        case Deed::claims:
            apply(claim(&stock, wanted(1 + static_cast<int>(random.below(6))), order(hold), cause)
                      .change);
            picks.try_emplace(hold, claims_of(stock, order(hold)));
            break;
        case Deed::commits:
            apply(commit(&stock, order(hold), cause));
            break;
        case Deed::takes_back:
            apply(take_back(&stock, picks[hold], order(hold), cause));
            break;
        case Deed::releases:
            apply(release(&stock, order(hold), cause));
            break;
        }
    }

    void check() const {
        std::map<Location, int> on_shelf;
        std::map<Location, int> promised;
        for (const Movement& entry : ledger) {
            const bool claims =
                entry.kind == MovementKind::claimed || entry.kind == MovementKind::released;
            (claims ? promised : on_shelf)[entry.location] += entry.quantity.value();
            if (entry.kind == MovementKind::committed) {
                promised[entry.location] += entry.quantity.value();
            }
            ASSERT_EQ(entry.on_hand_after.value(), on_shelf[entry.location]);
            ASSERT_EQ(entry.claimed_after.value(), promised[entry.location]);
        }
        for (const LevelView& level : view_of(stock, 1).levels) {
            ASSERT_EQ(level.on_hand.value(), on_shelf[level.location]);
            ASSERT_EQ(level.claimed.value(), promised[level.location]);
            ASSERT_LE(level.claimed.value(), level.on_hand.value());
        }
        ASSERT_EQ(last_told, std::min(available(stock).value(), ToldUnits::max));
    }
};

TEST(Stock, counters_equal_the_ledger_after_any_sequence_of_decisions) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        memory::SeededRandom random(seed);
        World world;
        for (std::uint64_t step = 0; step < 60; ++step) world.act(random, step);
        world.check();
        ASSERT_FALSE(testing::Test::HasFatalFailure()) << "seed " << seed;
    }
}

} // namespace
} // namespace backline::inventory
