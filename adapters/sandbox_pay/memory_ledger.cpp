#include "adapters/sandbox_pay/memory_ledger.hpp"

#include "platform/base/invariant.hpp"

namespace backline::sandbox_pay {

std::optional<LedgerRow> MemoryLedger::find(const ProviderKey& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    return rows_[found->second];
}

std::vector<LedgerRow> MemoryLedger::of(const ProviderRef& id) {
    std::vector<LedgerRow> rows;
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return rows;
    for (const std::size_t place : found->second) rows.push_back(rows_[place]);
    return rows;
}

std::vector<LedgerRow> MemoryLedger::list(std::int64_t number, std::size_t limit) {
    std::vector<LedgerRow> rows;
    for (auto at = static_cast<std::size_t>(number); at < rows_.size() && rows.size() < limit;
         ++at) {
        rows.push_back(rows_[at]);
    }
    return rows;
}

void MemoryLedger::append(const LedgerRow& row) {
    INVARIANT(row.number == newest() + 1, "a ledger has no gaps");
    const bool added = by_key_.emplace(row.key, rows_.size()).second;
    INVARIANT(added, "a key names one call");
    by_id_[row.id].push_back(rows_.size());
    rows_.push_back(row);
}

int MemoryLedger::count_failure(const ProviderRef& id) {
    return ++failures_[id];
}

} // namespace backline::sandbox_pay
