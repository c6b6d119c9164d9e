#pragma once

#include "platform/base/time.hpp"
#include "services/payments/provider.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// The sandbox payment provider: a provider of our own that keeps books as a real one does, so that the shop's money
/// can be checked against somebody else's word.
namespace backline::sandbox_pay {

using payments::PaymentId;
using payments::ProviderCall;
using payments::ProviderOperation;
using payments::ProviderPayment;
using payments::ProviderRef;
using payments::ProviderStatus;

using ProviderKey = decltype(ProviderCall::key);

/// One line of the provider's books: a call that had an effect, or was turned down for good. Never changed.
struct LedgerRow {
    std::int64_t number = 0; ///< Order of arrival, from 1, without gaps.
    ProviderKey key;
    ProviderOperation operation = ProviderOperation::create; ///< Never `query`.
    ProviderRef id;
    PaymentId payment;
    Money amount;   ///< Asked for, reserved, taken or given back; zero for `void_`.
    bool ok = true; ///< False: declined, or a refund beyond what was captured.
    std::optional<payments::DeclineReason> decline{};
    std::optional<payments::RefundId> refund{};
    orders::PaymentToken token; ///< As given to `create`, on every row of the payment.
    Instant at{};
    Instant settles_at{}; ///< Later than `at` where the provider takes its time.

    bool operator==(const LedgerRow&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    LedgerRow,
    (),
    (number, key, operation, id, payment, amount, ok, decline, refund, token, at, settles_at)
)

/// Where the books lie. Plain and synchronous; used by one thread at a time. Throws `std::runtime_error` when it cannot
/// read or write.
class Ledger {
public:
    Ledger() = default;
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;
    virtual ~Ledger() = default;

    [[nodiscard]] virtual std::optional<LedgerRow> find(const ProviderKey& key) = 0;

    /// The rows of one payment in their order; they begin with its `create`.
    [[nodiscard]] virtual std::vector<LedgerRow> of(const ProviderRef& id) = 0;

    /// At most `limit` rows after `number`, in their order.
    [[nodiscard]] virtual std::vector<LedgerRow> list(std::int64_t number, std::size_t limit) = 0;

    /// The number of the newest row; 0 if there is none.
    [[nodiscard]] virtual std::int64_t newest() = 0;

    /// `row.number` is `newest() + 1` and its key is new.
    virtual void append(const LedgerRow& row) = 0;

    /// Counts a call that a test token makes fail, and answers how many there were with this one.
    [[nodiscard]] virtual int count_failure(const ProviderRef& id) = 0;

    /// Does what `work` does to the ledger durably and as a whole, or throws and does nothing.
    virtual void atomically(const std::function<void()>& work) = 0;
};

} // namespace backline::sandbox_pay
