#pragma once

#include "platform/service/service.hpp"
#include "services/orders/prices/store.hpp"

/// How orders hears of prices.
namespace backline::orders {

class PriceReactions final {
public:
    explicit PriceReactions(PriceCollection& prices) : prices_(prices) {}

    Task<> product_changed(Message message, catalog::ProductChanged product);

private:
    PriceCollection& prices_;
};

} // namespace backline::orders
