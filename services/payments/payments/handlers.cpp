#include "services/payments/payments/handlers.hpp"

#include "platform/service/paging.hpp"
#include "services/payments/errors.hpp"

#include <algorithm>

namespace backline::payments {

namespace {

store::Range range_of(const ListPayments& query) {
    if (!query.status) return paged(query, {.index = payments_by_id, .descending = true});
    store::Key status{std::string(name_of(*query.status))};
    return paged(
        query, {.index = payments_by_status, .equals = std::move(status), .descending = true}
    );
}

bool wanted(const store::Versioned<Payment>& payment, const ListPayments& query) {
    return payment && (!query.status || payment->status == *query.status);
}

} // namespace

Task<http::Page<PaymentView>> PaymentHandlers::list(
    http::Context&, http::Query<ListPayments> query
) {
    if (query->order) {
        const store::Versioned<Payment> payment =
            co_await payments_.find(payment_of(*query->order));
        store::Slice<Payment> alone;
        if (wanted(payment, *query)) alone.items.push_back(payment);
        co_return page_of(alone);
    }
    const auto found = co_await payments_.page(range_of(*query));
    co_return page_of(unwrap(found));
}

Task<PaymentView> PaymentHandlers::show(http::Context&, PaymentId id) {
    const store::Versioned<Payment> payment = co_await payments_.find(id);
    if (!payment) throw Refused({&error("payment_unknown"), "There is no payment of this id."});
    co_return view_of(*payment, payment.version);
}

Task<http::Page<Transaction>> PaymentHandlers::transactions(
    http::Context&, PaymentId id, http::Query<LogPaging> query
) {
    const store::Versioned<Payment> payment = co_await payments_.find(id);
    if (!payment) throw Refused({&error("payment_unknown"), "There is no payment of this id."});
    co_return co_await log_page<Transaction>(payments_, id, *query);
}

} // namespace backline::payments
