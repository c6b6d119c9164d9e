#pragma once

#include "adapters/sandbox_pay/ledger.hpp"

#include <memory>
#include <string>

namespace backline::sandbox_pay {

/// Books in an SQLite file of their own, as durable as a real provider's: written and synced before anything is
/// answered. The shop's own store never touches it. One process at a time. The table `ledger` has `LedgerRow`'s fields,
/// the currency beside the amount, so that any SQLite program can read it.
class FileLedger final : public Ledger {
public:
    /// Opens or creates. Throws `std::runtime_error` with a sentence for the operator.
    explicit FileLedger(const std::string& path);
    ~FileLedger() override;

    [[nodiscard]] std::optional<LedgerRow> find(const ProviderKey& key) override;
    [[nodiscard]] std::vector<LedgerRow> of(const ProviderRef& id) override;
    [[nodiscard]] std::vector<LedgerRow> list(std::int64_t number, std::size_t limit) override;
    [[nodiscard]] std::int64_t newest() override;
    void append(const LedgerRow& row) override;
    [[nodiscard]] int count_failure(const ProviderRef& id) override;
    void atomically(const std::function<void()>& work) override;

private:
    class Database;
    class Statement;

    std::unique_ptr<Database> database_;
};

} // namespace backline::sandbox_pay
