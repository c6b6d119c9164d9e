#pragma once

#include "adapters/sandbox_pay/ledger.hpp"

#include <map>

namespace backline::sandbox_pay {

/// Books that last as long as this object: for tests and the simulator, where it outlives the processes that use it, as
/// a real provider does.
class MemoryLedger final : public Ledger {
public:
    [[nodiscard]] std::optional<LedgerRow> find(const ProviderKey& key) override;
    [[nodiscard]] std::vector<LedgerRow> of(const ProviderRef& id) override;
    [[nodiscard]] std::vector<LedgerRow> list(std::int64_t number, std::size_t limit) override;

    [[nodiscard]] std::int64_t newest() override { return static_cast<std::int64_t>(rows_.size()); }

    void append(const LedgerRow& row) override;
    [[nodiscard]] int count_failure(const ProviderRef& id) override;

    void atomically(const std::function<void()>& work) override { work(); }

    /// Everything, for an oracle.
    [[nodiscard]] const std::vector<LedgerRow>& rows() const { return rows_; }

private:
    std::vector<LedgerRow> rows_;
    std::map<ProviderKey, std::size_t> by_key_;
    std::map<ProviderRef, std::vector<std::size_t>> by_id_;
    std::map<ProviderRef, int> failures_;
};

} // namespace backline::sandbox_pay
