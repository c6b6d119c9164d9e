#include "services/payments/payments/handlers.hpp"

#include "platform/base/type.hpp"
#include "platform/schema/json.hpp"
#include "services/payments/errors.hpp"

#include <algorithm>

namespace backline::payments {

namespace {

Transaction transaction_of(const store::LogEntry& entry) {
    Transaction transaction =
        unwrap(schema::read<Transaction>(entry.body, schema::Reading::tolerant));
    transaction.number = entry.number;
    return transaction;
}

store::Range range_of(const ListPayments& query) {
    store::Range range{.index = payments_by_id, .descending = true};
    range.limit = static_cast<std::size_t>(query.limit ? query.limit->value() : 20);
    if (query.after) range.after = query.after->text();
    if (!query.status) return range;
    const EnumOps& statuses = *type_of<PaymentStatus>().enumeration;
    range.index = payments_by_status;
    range.equals = {std::string(enum_name(statuses, &*query.status))};
    return range;
}

bool wanted(const store::Versioned<Payment>& payment, const ListPayments& query) {
    return payment && (!query.status || payment->status == *query.status);
}

} // namespace

Task<http::Page<PaymentView>> PaymentHandlers::list(
    http::Context&, http::Query<ListPayments> query
) {
    http::Page<PaymentView> page;
    if (query->order) {
        const store::Versioned<Payment> payment =
            co_await payments_.find(payment_of(*query->order));
        if (wanted(payment, *query)) page.items.push_back(view_of(*payment, payment.version));
        co_return page;
    }
    const auto found = co_await payments_.page(range_of(*query));
    const auto slice = unwrap(found);
    for (const auto& payment : slice.items) {
        page.items.push_back(view_of(*payment, payment.version));
    }
    page.next = slice.next;
    co_return page;
}

Task<PaymentView> PaymentHandlers::show(http::Context&, PaymentId id) {
    const store::Versioned<Payment> payment = co_await payments_.find(id);
    if (!payment) throw Refused({&error("payment_unknown"), "There is no payment of this id."});
    co_return view_of(*payment, payment.version);
}

Task<http::Page<Transaction>> PaymentHandlers::transactions(
    http::Context&, PaymentId id, http::Query<ListTransactions> query
) {
    const store::Versioned<Payment> payment = co_await payments_.find(id);
    if (!payment) throw Refused({&error("payment_unknown"), "There is no payment of this id."});
    const std::size_t limit = static_cast<std::size_t>(query->limit ? query->limit->value() : 20);
    const std::int64_t after = query->after ? query->after->value() : 0;
    const auto entries = co_await payments_.log(id, after, limit + 1);
    http::Page<Transaction> page;
    for (const store::LogEntry& entry : entries) {
        if (page.items.size() == limit) {
            page.next = std::to_string(page.items.back().number);
            break;
        }
        page.items.push_back(transaction_of(entry));
    }
    co_return page;
}

} // namespace backline::payments
