#pragma once

#include "services/payments/provider.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>

/// How a shop talks to a sandbox in a process of its own: `POST /calls`.
namespace backline::sandbox_pay {

/// A `ProviderCall`; what the operation does not use is left out.
struct CallRequest {
    payments::ProviderOperation operation = payments::ProviderOperation::query;
    std::optional<decltype(payments::ProviderCall::key)> key{};
    payments::PaymentId payment;
    std::optional<payments::ProviderRef> id{};
    std::optional<Money> amount{};
    std::optional<orders::PaymentToken> token{};
    std::optional<payments::RefundId> refund{};
};
BOOST_DESCRIBE_STRUCT(CallRequest, (), (operation, key, payment, id, amount, token, refund))

[[nodiscard]] CallRequest request_of(const payments::ProviderCall& call);
[[nodiscard]] payments::ProviderCall call_of(const CallRequest& request);

enum class CallFailure { not_done, unknown };
BOOST_DESCRIBE_ENUM(CallFailure, not_done, unknown)

/// One of the two.
struct CallAnswer {
    std::optional<payments::ProviderPayment> payment{};
    std::optional<CallFailure> failure{};
};
BOOST_DESCRIBE_STRUCT(CallAnswer, (), (payment, failure))

} // namespace backline::sandbox_pay
