#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/inventory/events.hpp"
#include "services/inventory/stock/model.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>
#include <vector>

/// Decisions about holds. A hold is the document that leads a claim on several stocks (ARCHITECTURE.md): it is
/// written before the first stock is touched and says at every moment whether claims in its name are right. Pure.
namespace backline::inventory {

/// claiming -> held -> committed -> releasing -> released, and from each of the first two straight to releasing.
enum class HoldStatus { claiming, held, committed, releasing, released };
BOOST_DESCRIBE_ENUM(HoldStatus, claiming, held, committed, releasing, released)

/// Units that a hold took at one place.
struct Pick {
    catalog::Sku sku;
    Location location;
    Units quantity;
};
BOOST_DESCRIBE_STRUCT(Pick, (), (sku, location, quantity))

/// What one order takes of the stock; its id is the order's.
struct Hold {
    orders::OrderId order;
    HoldStatus status = HoldStatus::claiming;
    List<orders::SkuQuantity, 100>
        lines;                     ///< Sorted by SKU; empty if the release came before the hold.
    std::vector<Pick> picks{};     ///< Where the units lie; known once held.
    List<Shortage, 100> shortages; ///< Why it is released, where stock was short.
    orders::SagaRef asked_by;      ///< The request that the next answer belongs to.
    bool was_committed = false;
    std::optional<Instant> due_at{}; ///< When somebody must look whether work was left half-done.
};
BOOST_DESCRIBE_STRUCT(
    Hold, (), (order, status, lines, picks, shortages, asked_by, was_committed, due_at)
)

/// What is to be done on the stocks after a decision was committed.
enum class HoldWork { nothing, claim, commit, release, tidy };
[[nodiscard]] HoldWork work_of(const Hold& hold);

/// A request to hold: opens the hold, or answers again what became of it. One that was closed before it was opened
/// stays closed and answers nothing: whoever closed it has his answer.
Change<Hold> open(const Hold* hold, const orders::StockHoldRequested& request, Instant now);

/// Every line is claimed: the hold stands, and orders hears of it. Nothing if it was ended meanwhile.
Change<Hold> all_claimed(const Hold& hold, std::vector<Pick> picks);

/// A line was short: what was claimed must go back.
Change<Hold> short_of(const Hold& hold, std::vector<Shortage> shortages, Instant now);

/// Orders says that the goods are sold. From here on only `take_back` undoes it.
Change<Hold> sell(const Hold* hold, const orders::StockCommitRequested& request);

/// Orders says that the hold ends. Also leaves a closed hold behind where there was none yet.
Change<Hold> end(const Hold* hold, const orders::StockReleaseRequested& request, Instant now);

/// Nothing is claimed or sold in its name any more. Where it had sold, the stocks' marks remain to be tidied away.
Change<Hold> all_released(const Hold& hold, Instant now);

/// No stock carries a mark of it any more.
Change<Hold> tidied(const Hold& hold);

/// Looks again later, since the present attempt does not finish.
Change<Hold> look_again(const Hold& hold, Instant due_at);

} // namespace backline::inventory
