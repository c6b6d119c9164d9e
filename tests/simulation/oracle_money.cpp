#include "services/orders/checkout/store.hpp"
#include "services/payments/payments/store.hpp"
#include "tests/simulation/oracles.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace backline::simulation {

using namespace payments;
using orders::OrderStatus;
using sandbox_pay::LedgerRow;

namespace {

/// One payment in the provider's own books.
struct Books {
    std::int64_t authorised = 0;
    std::int64_t captured = 0;
    std::int64_t refunded = 0;
    bool voided = false;
    int captures = 0;
};

using Payments = std::map<std::string, Payment>;
using Orders = std::map<std::string, orders::Order>;
using Found = std::vector<std::string>;

/// Invariants 9 and 10, at every prefix of the books.
std::map<std::string, Books> read_books(const std::vector<LedgerRow>& rows, Found& found) {
    std::map<std::string, Books> books;
    std::set<std::string> keys;
    for (const LedgerRow& row : rows) {
        if (!row.ok) continue;
        if (!keys.insert(row.key.text()).second) {
            found.push_back(fmt::format("inv 9: {} had two effects", row.key.text()));
        }
        Books& of = books[row.payment.text()];
        if (row.operation == ProviderOperation::authorise) of.authorised += row.amount.amount;
        if (row.operation == ProviderOperation::capture) of.captured += row.amount.amount;
        if (row.operation == ProviderOperation::capture) ++of.captures;
        if (row.operation == ProviderOperation::refund) of.refunded += row.amount.amount;
        if (row.operation == ProviderOperation::void_) of.voided = true;
        const bool bounded =
            of.refunded <= of.captured && of.captured <= of.authorised && of.captures <= 1;
        if (!bounded) {
            found.push_back(fmt::format("inv 10: {} is out of bounds", row.payment.text()));
        }
    }
    return books;
}

/// Invariants 10 to 12: what the provider has agrees with what became of the order.
void check_order(const orders::Order& order, const Books& books, Found& found) {
    const std::string& id = order.id.text();
    const std::int64_t kept = books.captured - books.refunded;
    if (books.authorised > order.totals.total.amount) {
        found.push_back(fmt::format("inv 10: order {} was charged more than its total", id));
    }
    if (order.status != OrderStatus::confirmed) {
        const bool open = books.authorised > 0 && books.captured == 0 && !books.voided;
        if (kept != 0 || open) {
            found.push_back(fmt::format("inv 11: order {} came to nothing, money is kept", id));
        }
        return;
    }
    std::int64_t refunds = 0;
    for (const orders::RefundEntry& refund : order.refunds) refunds += refund.amount.amount;
    if (books.captured != order.totals.total.amount || order.paid.amount != books.captured) {
        found.push_back(fmt::format("inv 11: order {} is confirmed, not its total captured", id));
    }
    if (books.refunded != refunds) {
        found.push_back(fmt::format("inv 16: order {} knows of other refunds than the provider", id)
        );
    }
}

/// Invariant 13: our transactions are the provider's own rows.
void check_transactions(
    const std::map<std::string, std::vector<Transaction>>& ours,
    const std::vector<LedgerRow>& rows,
    Found& found
) {
    std::multiset<std::string> theirs;
    std::multiset<std::string> told;
    const auto moves = [](std::string_view what) {
        return what == "captured" || what == "refunded" || what == "capture" || what == "refund";
    };
    for (const LedgerRow& row : rows) {
        if (row.ok && moves(name_of(row.operation))) {
            theirs.insert(fmt::format("{} {}", row.payment.text(), row.amount.amount));
        }
    }
    for (const auto& [id, transactions] : ours) {
        for (const Transaction& transaction : transactions) {
            if (moves(name_of(transaction.kind))) {
                told.insert(fmt::format("{} {}", id, transaction.amount.amount));
            }
            const bool balanced =
                !transaction.posting || transaction.posting->debit != transaction.posting->credit;
            if (!balanced) found.push_back(fmt::format("inv 14: {} has one leg", id));
        }
    }
    if (theirs != told) found.push_back("inv 13: our transactions are not the provider's");
}

bool given_back(const std::vector<LedgerRow>& rows, RefundId refund) {
    return std::ranges::any_of(rows, [&](const LedgerRow& row) {
        return row.ok && row.refund == refund;
    });
}

/// Invariants 21 and 16, for refunds: one answer per key, and what it promised was given back.
void check_refunds(const World& world, const std::vector<LedgerRow>& rows, Found& found) {
    for (const auto& [key, attempted] : world.journal().refunds) {
        for (const http::Response& answer : attempted.answers) {
            if (answer.status != 201) continue;
            if (answer.body != attempted.answers.front().body) {
                found.push_back(fmt::format("inv 21: {} got two answers", key));
            }
            const RefundId refund =
                unwrap(schema::read<RefundView>(answer.body, schema::Reading::tolerant)).id;
            if (!given_back(rows, refund)) {
                found.push_back(fmt::format("inv 16: refund {} was promised, not made", key));
            }
        }
    }
}

} // namespace

std::vector<std::string> check_money(World& world) {
    Found found;
    const memory::MemoryDisk& disk = world.process("payments").disk();
    const Payments payments = documents<Payment>(disk, "payments.payments");
    const Orders placed = documents<orders::Order>(world.process("orders").disk(), "orders.orders");
    const auto& rows = world.provider().ledger().rows();
    auto books = read_books(rows, found);
    std::map<std::string, std::vector<Transaction>> ours;
    for (const auto& [id, payment] : payments) {
        ours[id] = entries<Transaction>(disk, payments_spec, id);
        if (payment.status == PaymentStatus::needs_attention) {
            found.push_back(fmt::format("inv 13: payment {} waits for a person", id));
        }
    }
    for (const auto& [payment, of] : books) {
        if (!payments.contains(payment)) {
            found.push_back(fmt::format("inv 12: {} is nobody's", payment));
        }
    }
    for (const auto& [id, order] : placed) {
        check_order(order, books[payment_of(order.id).text()], found);
    }
    check_transactions(ours, rows, found);
    check_refunds(world, rows, found);
    return found;
}

} // namespace backline::simulation
