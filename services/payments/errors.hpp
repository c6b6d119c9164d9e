#pragma once

#include "platform/base/problem.hpp"

#include <array>
#include <string_view>

namespace backline::payments {

/// Every refusal that the Payment Service can give.
inline constexpr std::array refusals{
    Refusal{
        .code = "payment_unknown",
        .status = 404,
        .title = "There is no such payment.",
        .meaning = "A payment exists once its order asked for money. Check the id."
    },
    Refusal{
        .code = "refund_unknown",
        .status = 404,
        .title = "There is no such refund.",
        .meaning = "The payment has no refund of this id. Check both ids."
    },
    Refusal{
        .code = "payment_not_captured",
        .status = 409,
        .title = "Nothing was captured.",
        .meaning = "Only captured money can be refunded. Cancel the order instead; that frees what "
                   "is reserved."
    },
    Refusal{
        .code = "refund_exceeds_captured",
        .status = 409,
        .title = "The refund is more than what is left.",
        .meaning = "Captured money less all refunds, asked for or done, is the most that can be "
                   "given back."
    },
    Refusal{
        .code = "refunds_too_many",
        .status = 409,
        .title = "This payment has too many refunds.",
        .meaning = "Cancel the order to give the rest back at once."
    },
    Refusal{
        .code = "payment_needs_attention",
        .status = 409,
        .title = "This payment waits for a person.",
        .meaning = "The provider says something that cannot be. Compare its books with ours first; "
                   "see the runbook."
    },
    Refusal{
        .code = "refund_currency_differs",
        .status = 422,
        .title = "The refund has another currency than the payment.",
        .meaning = "Give the amount in the payment's own currency."
    },
    Refusal{
        .code = "refund_of_nothing",
        .status = 422,
        .title = "A refund of nothing.",
        .meaning = "Give an amount above zero."
    },
};

consteval const Refusal& error(std::string_view code) {
    return find_refusal(refusals, code);
}

} // namespace backline::payments
