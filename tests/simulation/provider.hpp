#pragma once

#include "adapters/sandbox_pay/memory_ledger.hpp"
#include "adapters/sandbox_pay/sandbox_pay.hpp"
#include "platform/async/task_group.hpp"
#include "tests/simulation/faults.hpp"

#include <memory>
#include <vector>

namespace backline::simulation {

/// The payment provider: the sandbox, outside the shop, with books of its own and its own bad luck.
class Provider final {
public:
    Provider(Runtime& outside, Fate& fate);
    ~Provider();
    Provider(const Provider&) = delete;
    Provider& operator=(const Provider&) = delete;

    /// A wire to it for a process that has just started. The wire outlives the process.
    [[nodiscard]] payments::Provider& connect(Runtime& process);

    [[nodiscard]] const sandbox_pay::MemoryLedger& ledger() const { return ledger_; }

private:
    class Wire;

    sandbox_pay::Fault strike(const payments::ProviderCall& call);
    void lapse(const payments::ProviderCall& call);

    Runtime& outside_;
    Fate& fate_;
    sandbox_pay::MemoryLedger ledger_;
    sandbox_pay::SandboxPay sandbox_;
    std::vector<std::unique_ptr<Wire>> wires_;
    TaskGroup calls_;
};

} // namespace backline::simulation
