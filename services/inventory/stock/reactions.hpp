#pragma once

#include "platform/service/service.hpp"
#include "services/inventory/stock/store.hpp"

/// What inventory does when others have news.
namespace backline::inventory {

class StockReactions final {
public:
    explicit StockReactions(StockCollection& stock) : stock_(stock) {}

    /// Every variant gets a stock document, empty at first.
    Task<> product_changed(Message message, catalog::ProductChanged product);

private:
    StockCollection& stock_;
};

} // namespace backline::inventory
