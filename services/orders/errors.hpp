#pragma once

#include "platform/base/problem.hpp"

#include <array>
#include <string_view>

namespace backline::orders {

/// Every refusal that the Order Service can give.
inline constexpr std::array refusals{
    Refusal{
        .code = "cart_unknown",
        .status = 404,
        .title = "There is no such cart.",
        .meaning = "Carts are seen by their owner only. Make a new one."
    },
    Refusal{
        .code = "cart_placed",
        .status = 409,
        .title = "The cart became an order.",
        .meaning = "It cannot change any more. Make a new cart for another order."
    },
    Refusal{
        .code = "cart_empty",
        .status = 409,
        .title = "The cart is empty.",
        .meaning = "Add a line before placing the order."
    },
    Refusal{
        .code = "cart_full",
        .status = 409,
        .title = "The cart holds no more lines.",
        .meaning = "An order has at most 100 lines. Place this one and begin another."
    },
    Refusal{
        .code = "cart_changed",
        .status = 409,
        .title = "The cart changed while the order was being placed.",
        .meaning = "Look at the cart again and repeat the request."
    },
    Refusal{
        .code = "address_missing",
        .status = 409,
        .title = "The cart has no shipping address.",
        .meaning = "Set the shipping address before placing the order."
    },
    Refusal{
        .code = "nothing_to_pay",
        .status = 409,
        .title = "The order would cost nothing.",
        .meaning = "Every order ends with a payment. Add something that has a price."
    },
    Refusal{
        .code = "sku_not_sellable",
        .status = 409,
        .title = "This SKU is not for sale.",
        .meaning = "It is unknown, or was taken off sale. Remove the line."
    },
    Refusal{
        .code = "order_unknown",
        .status = 404,
        .title = "There is no such order.",
        .meaning = "Orders are seen by their owner only. Check the id."
    },
    Refusal{
        .code = "order_not_cancellable",
        .status = 409,
        .title = "The order cannot be cancelled.",
        .meaning = "It has ended already; nothing was kept."
    },
};

consteval const Refusal& error(std::string_view code) {
    return find_refusal(refusals, code);
}

} // namespace backline::orders
