#pragma once

#include "platform/base/problem.hpp"

#include <array>
#include <string_view>

namespace backline::inventory {

/// Every refusal that the Inventory Service can give.
inline constexpr std::array refusals{
    Refusal{
        .code = "sku_unknown",
        .status = 404,
        .title = "There is no such SKU.",
        .meaning = "A SKU is known once its product is in the catalog. Check the spelling."
    },
    Refusal{
        .code = "stock_below_claims",
        .status = 409,
        .title = "The stock cannot be lowered that far.",
        .meaning = "Some of these units are claimed by orders. Lower the stock by less, or cancel "
                   "orders first."
    },
    Refusal{
        .code = "stock_too_large",
        .status = 409,
        .title = "More stock than can be counted.",
        .meaning = "A SKU has at most 9,000,000 units in at most 20 locations. Check quantity and "
                   "location."
    },
    Refusal{
        .code = "adjustment_zero",
        .status = 422,
        .title = "An adjustment of nothing.",
        .meaning = "Give a quantity above or below zero."
    },
    Refusal{
        .code = "hold_closed",
        .status = 409,
        .title = "The hold was ended.",
        .meaning = "A hold that was released cannot claim any more."
    },
};

consteval const Refusal& error(std::string_view code) {
    return find_refusal(refusals, code);
}

} // namespace backline::inventory
