// At stake: a hold that answers twice differently, forgets a claim, or comes to life again after its end.
// Method: every status meets every request, as one table; each row says the next status and the answer.
#include "services/inventory/holds/model.hpp"

#include <gtest/gtest.h>

namespace backline::inventory {
namespace {

using orders::Step;

const Instant now{Duration{1'000'000}};
const orders::OrderId order = orders::OrderId::from_parts(now, 1, 1);
const Pick pick{catalog::Sku::of("MIC-1"), Location::of("main"), Units::of(1)};

orders::SagaRef ref(Step step, int attempt = 1) {
    return {order, step, orders::Attempt::of(attempt)};
}

orders::StockHoldRequested hold_request(int attempt = 1) {
    orders::StockHoldRequested request{ref(Step::hold_stock, attempt), {}};
    request.lines.push_back({catalog::Sku::of("MIC-2"), orders::Quantity::of(1)});
    request.lines.push_back({catalog::Sku::of("MIC-1"), orders::Quantity::of(1)});
    return request;
}

/// The state and the last answer of a hold, in one word each.
struct Seen {
    std::string status;
    std::string answer;

    bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << seen.status << "/" << seen.answer;
}

Seen seen(const Change<Hold>& change) {
    if (!change.next) return {"unchanged", ""};
    const std::string answer =
        change.events.empty() ? "" : std::string(change.events[0].data.type->name);
    return {std::string(name_of(change.next->status)), answer};
}

/// Holds as they are after the shortest way to each status.
Hold claiming() {
    return *open(nullptr, hold_request(), now).next;
}

Hold held() {
    return *all_claimed(claiming(), {pick}).next;
}

Hold committed() {
    const Hold hold = held();
    return *sell(&hold, {ref(Step::commit_stock)}).next;
}

Hold short_one() {
    return *short_of(claiming(), {{pick.sku, Units::of(1), Units::of(0)}}, now).next;
}

Hold refused() {
    return *all_released(short_one(), now).next;
}

Hold releasing() {
    const Hold hold = held();
    return *end(&hold, {ref(Step::release_stock)}, now).next;
}

Hold released() {
    return *all_released(releasing(), now).next;
}

Hold never_held() {
    return *end(nullptr, {ref(Step::release_stock)}, now).next;
}

struct Row {
    const char* hold;
    std::optional<Hold> from;
    Seen hold_again; ///< A request to hold with a higher attempt.
    Seen commit;
    Seen end;
};

std::vector<Row> table() {
    const Seen unchanged{"unchanged", ""};
    return {
        {"none", std::nullopt, {"claiming", ""}, unchanged, {"released", "StockReleased"}},
        {"claiming", claiming(), {"claiming", ""}, unchanged, {"releasing", ""}},
        {"held", held(), {"held", "StockHeld"}, {"committed", "StockCommitted"}, {"releasing", ""}},
        {"committed", committed(), unchanged, {"committed", "StockCommitted"}, {"releasing", ""}},
        {"short", short_one(), {"releasing", ""}, unchanged, {"releasing", ""}},
        {"refused",
         refused(),
         {"released", "StockRefused"},
         unchanged,
         {"released", "StockReleased"}},
        {"releasing", releasing(), unchanged, unchanged, {"releasing", ""}},
        {"released", released(), unchanged, unchanged, {"released", "StockReleased"}},
        {"ended first", never_held(), unchanged, unchanged, {"released", "StockReleased"}},
    };
}

TEST(Hold, meets_every_request_in_every_status) {
    for (const Row& row : table()) {
        const Hold* hold = row.from ? &*row.from : nullptr;
        EXPECT_EQ(seen(open(hold, hold_request(2), now)), row.hold_again) << row.hold;
        EXPECT_EQ(seen(sell(hold, {ref(Step::commit_stock, 2)})), row.commit) << row.hold;
        EXPECT_EQ(seen(end(hold, {ref(Step::release_stock, 2)}, now)), row.end) << row.hold;
    }
}

TEST(Hold, answers_the_same_attempt_once) {
    const Hold hold = held();
    EXPECT_FALSE(open(&hold, hold_request(1), now).next);
    const Hold sold = committed();
    EXPECT_FALSE(sell(&sold, {ref(Step::commit_stock, 1)}).next);
    const Hold over = released();
    EXPECT_FALSE(end(&over, {ref(Step::release_stock, 1)}, now).next);
}

TEST(Hold, claims_in_the_order_of_skus) {
    const Hold hold = claiming();
    ASSERT_EQ(hold.lines.size(), 2U);
    EXPECT_EQ(hold.lines[0].sku.text(), "MIC-1");
    EXPECT_EQ(hold.lines[1].sku.text(), "MIC-2");
}

TEST(Hold, ignores_the_outcome_of_claiming_once_it_was_ended) {
    for (const Hold& hold : {releasing(), released(), committed(), held()}) {
        EXPECT_FALSE(all_claimed(hold, {pick}).next);
        EXPECT_FALSE(short_of(hold, {}, now).next);
    }
    for (const Hold& hold : {claiming(), held(), committed(), released()}) {
        EXPECT_FALSE(all_released(hold, now).next);
    }
}

TEST(Hold, tells_the_shortage_once_everything_is_given_back) {
    const Change<Hold> change = all_released(short_one(), now);
    ASSERT_EQ(seen(change), (Seen{"released", "StockRefused"}));
    const auto& answer = *static_cast<const StockRefused*>(change.events[0].data.value.get());
    EXPECT_EQ(answer.ref, ref(Step::hold_stock));
    ASSERT_EQ(answer.shortages.size(), 1U);
}

TEST(Hold, answers_the_end_and_not_the_shortage_where_both_wait) {
    const Hold hold = short_one();
    const Hold ended = *end(&hold, {ref(Step::release_stock)}, now).next;
    EXPECT_EQ(seen(all_released(ended, now)), (Seen{"released", "StockReleased"}));
}

TEST(Hold, is_due_exactly_while_work_is_half_done) {
    for (const Hold& hold : {claiming(), short_one(), releasing()}) EXPECT_TRUE(hold.due_at);
    for (const Hold& hold : {held(), committed(), refused(), released(), never_held()}) {
        EXPECT_FALSE(hold.due_at);
    }
}

TEST(Hold, knows_what_is_left_to_do) {
    EXPECT_EQ(work_of(claiming()), HoldWork::claim);
    EXPECT_EQ(work_of(held()), HoldWork::nothing);
    EXPECT_EQ(work_of(committed()), HoldWork::commit);
    EXPECT_EQ(work_of(short_one()), HoldWork::release);
    EXPECT_EQ(work_of(releasing()), HoldWork::release);
    EXPECT_EQ(work_of(released()), HoldWork::nothing);
    const Hold sold = committed();
    const Hold undone = *all_released(*end(&sold, {ref(Step::release_stock)}, now).next, now).next;
    EXPECT_EQ(work_of(undone), HoldWork::tidy);
    EXPECT_EQ(work_of(*tidied(undone).next), HoldWork::nothing);
}

} // namespace
} // namespace backline::inventory
