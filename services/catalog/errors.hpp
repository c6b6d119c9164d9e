#pragma once

#include "platform/base/problem.hpp"

#include <array>
#include <string_view>

namespace backline::catalog {

/// Every refusal that the Catalog Service can give.
inline constexpr std::array refusals{
    Refusal{
        .code = "category_unknown",
        .status = 404,
        .title = "There is no such category.",
        .meaning = "List the categories for their ids."
    },
    Refusal{
        .code = "category_missing",
        .status = 422,
        .title = "The category that the request names does not exist.",
        .meaning = "List the categories for their ids."
    },
    Refusal{
        .code = "category_cycle",
        .status = 409,
        .title = "A category cannot lie inside itself.",
        .meaning = "Choose a parent that is not one of its own descendants."
    },
    Refusal{
        .code = "categories_full",
        .status = 409,
        .title = "There are no more categories to be had.",
        .meaning = "A shop has at most 1,000. Change one that is no longer needed."
    },
    Refusal{
        .code = "slug_taken",
        .status = 409,
        .title = "Another one has this slug.",
        .meaning = "Choose another slug; it is a part of the address."
    },
    Refusal{
        .code = "product_unknown",
        .status = 404,
        .title = "There is no such product.",
        .meaning = "It never was, or it is not published."
    },
    Refusal{
        .code = "sku_taken",
        .status = 409,
        .title = "Another product has this SKU.",
        .meaning = "A SKU is never used twice, also not after its product left the shop."
    },
    Refusal{
        .code = "addition_given_up",
        .status = 409,
        .title = "This addition was cut off and has been given up.",
        .meaning =
            "Another product has one of its SKUs now. Add it again with a new Idempotency-Key."
    },
    Refusal{
        .code = "sku_dropped",
        .status = 409,
        .title = "A variant cannot be removed.",
        .meaning = "Set `sellable` to false: old orders and stock still know its SKU."
    },
    Refusal{
        .code = "currency_foreign",
        .status = 422,
        .title = "The shop does not sell in this currency.",
        .meaning = "Give the price in the shop's currency."
    },
};

consteval const Refusal& error(std::string_view code) {
    return find_refusal(refusals, code);
}

} // namespace backline::catalog
