#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/money.hpp"
#include "platform/base/paging.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "services/orders/events.hpp"
#include "services/payments/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>

/// What crosses HTTP about payments.
namespace backline::payments {

/// Where a payment stands. `table` in `model/transitions.cpp` says how it gets from one to the next.
enum class PaymentStatus {
    authorising,    ///< Orders asked for the money; the provider's answer is not known yet.
    authorised,     ///< The money is reserved.
    declined,       ///< The provider said no; nothing is reserved.
    capturing,      ///< Orders asked to take the money; the provider's answer is not known yet.
    captured,       ///< The money is ours, but for refunds.
    closing,        ///< What is reserved or taken is on its way back.
    closed,         ///< Nothing is kept, and nothing will be taken any more.
    needs_attention ///< The provider says something that cannot be; a person must look.
};
BOOST_DESCRIBE_ENUM(
    PaymentStatus,
    authorising,
    authorised,
    declined,
    capturing,
    captured,
    closing,
    closed,
    needs_attention
)

/// Why a payment waits for a person.
enum class AttentionReason {
    amount_differs,   ///< The provider has another amount or currency than we asked for.
    identity_differs, ///< The provider answered with another payment.
    refund_unknown,   ///< The provider made a refund that we did not ask for.
    refund_refused,   ///< What must go back for a closing does not.
    status_impossible ///< The provider's status cannot follow from what was known.
};
BOOST_DESCRIBE_ENUM(
    AttentionReason,
    amount_differs,
    identity_differs,
    refund_unknown,
    refund_refused,
    status_impossible
)

/// A payment as staff see it.
struct PaymentView {
    PaymentId id;
    orders::OrderId order;
    std::optional<users::CustomerId> customer;
    PaymentStatus status = PaymentStatus::authorising;
    Money amount;
    Money captured;
    Money refunded; ///< What the provider has confirmed.
    std::optional<DeclineReason> declined_for;
    std::optional<AttentionReason> attention;
    Instant created_at{};
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(
    PaymentView,
    (),
    (id,
     order,
     customer,
     status,
     amount,
     captured,
     refunded,
     declined_for,
     attention,
     created_at,
     version)
)

struct ListPayments {
    std::optional<orders::OrderId> order; ///< The payment of this order alone.
    std::optional<PaymentStatus> status;
    std::optional<PageLimit> limit;
    std::optional<PageCursor> after;
};
BOOST_DESCRIBE_STRUCT(ListPayments, (), (order, status, limit, after))

/// Where money lies, seen from the shop.
enum class Account {
    provider_receivable, ///< What the provider owes the shop.
    sales_clearing,      ///< What customers paid, before it is booked as sales.
    refunds              ///< What customers got back.
};
BOOST_DESCRIBE_ENUM(Account, provider_receivable, sales_clearing, refunds)

/// Both legs of one movement of money: `debit` rises and `credit` falls by the transaction's amount. Since one entry
/// holds both, the books balance in every currency at every moment.
struct Posting {
    Account debit = Account::provider_receivable;
    Account credit = Account::sales_clearing;

    bool operator==(const Posting&) const = default;
};
BOOST_DESCRIBE_STRUCT(Posting, (), (debit, credit))

enum class TransactionKind { authorised, declined, captured, voided, refunded };
BOOST_DESCRIBE_ENUM(TransactionKind, authorised, declined, captured, voided, refunded)

/// One thing that the provider did, and what it meant for the money. Immutable; the entries of a payment, summed up,
/// give its amounts, and their multiset is the provider's own.
struct Transaction {
    std::int64_t number = 0; ///< 1, 2, 3, ... without gaps; given by the store.
    TransactionKind kind = TransactionKind::authorised;
    Money amount;
    std::optional<Posting> posting; ///< None where no money moved: a reservation is no movement.
    Text<1, 120> key; ///< The provider's idempotency key of the call that this came of.
    std::optional<RefundId> refund;
    Instant recorded_at{};
};
BOOST_DESCRIBE_STRUCT(Transaction, (), (number, kind, amount, posting, key, refund, recorded_at))

} // namespace backline::payments
