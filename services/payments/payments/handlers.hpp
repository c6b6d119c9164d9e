#pragma once

#include "platform/base/paging.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"
#include "services/payments/payments/store.hpp"

/// Requests of staff about payments.
namespace backline::payments {

class PaymentHandlers final {
public:
    explicit PaymentHandlers(PaymentCollection& payments) : payments_(payments) {}

    /// Newest first: all, those in one status, or the one of an order.
    Task<http::Page<PaymentView>> list(http::Context& ctx, http::Query<ListPayments> query);

    Task<PaymentView> show(http::Context& ctx, PaymentId id);

    /// What the provider did, oldest first.
    Task<http::Page<Transaction>> transactions(
        http::Context& ctx, PaymentId id, http::Query<LogPaging> query
    );

private:
    PaymentCollection& payments_;
};

} // namespace backline::payments
