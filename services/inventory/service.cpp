#include "services/inventory/service.hpp"

#include "platform/service/due.hpp"
#include "services/inventory/errors.hpp"
#include "services/inventory/holds/reactions.hpp"
#include "services/inventory/stock/handlers.hpp"
#include "services/inventory/stock/reactions.hpp"

// START HERE: everything that the Inventory Service serves, hears, does by the clock and keeps.
namespace backline::inventory {

namespace {

using security::Access;

const store::CollectionSpec keys_spec = IdempotencyKeys::collection_of("inventory");

struct Parts {
    explicit Parts(Backends on)
        : runtime(on.runtime)
        , stock(on.store, on.runtime, stock_spec)
        , adjustments(on.store, on.runtime, adjustments_spec)
        , holds(on.store, on.runtime, holds_spec)
        , keys(on.store, on.runtime, keys_spec) {}

    Runtime& runtime;
    StockCollection stock;
    AdjustmentCollection adjustments;
    HoldCollection holds;
    IdempotencyKeys keys;

    StockHandlers requests{stock, adjustments, keys};
    StockReactions news{stock};
    HoldReactions saga{runtime, holds, stock};
};

// clang-format off: a table, one row per route.
http::Routes routes(Parts& on) {
    using H = StockHandlers;
    constexpr Access reads = Access::needs("stock:read");
    constexpr Access adjusts = Access::needs("stock:adjust");
    return {
        get("/v1/stock", on.requests, &H::list, reads, "List stock"),
        get("/v1/stock/{sku}", on.requests, &H::show, reads, "Show the stock of one SKU")
            .refuses(error("sku_unknown")),
        get("/v1/stock/{sku}/movements", on.requests, &H::movements, reads, "List the ledger of one SKU")
            .refuses(error("sku_unknown")),
        post("/v1/stock/{sku}/adjustments", on.requests, &H::adjust_stock, adjusts, "Correct the stock at one location")
            .idempotent()
            .refuses(error("sku_unknown"), error("stock_below_claims"), error("stock_too_large"))
            .refuses(error("adjustment_zero")),
    };
}

// clang-format on

std::vector<Reaction> reactions(Parts& on) {
    return {
        backline::on(on.news, &StockReactions::product_changed),
        backline::on(on.saga, &HoldReactions::stock_hold_requested),
        backline::on(on.saga, &HoldReactions::stock_commit_requested),
        backline::on(on.saga, &HoldReactions::stock_release_requested),
    };
}

// clang-format off: a table, one row per timer.
std::vector<Timer> timers(Parts& on) {
    return {
        when_due("inventory.adjustments", on.adjustments, adjustments_by_due_at,
                 on.requests, &StockHandlers::adjustment_due),
        when_due("inventory.holds", on.holds, holds_by_due_at,
                 on.saga, &HoldReactions::hold_due),
    };
}

// clang-format on

} // namespace

Service make_service(Backends backends) {
    auto parts = std::make_shared<Parts>(backends);
    return {
        .name = "inventory",
        .collections = {&stock_spec, &adjustments_spec, &holds_spec, &keys_spec},
        .routes = routes(*parts),
        .reactions = reactions(*parts),
        .timers = timers(*parts),
        .refusals = refusals,
        .parts = parts,
    };
}

} // namespace backline::inventory
