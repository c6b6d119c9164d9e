#pragma once

#include "adapters/sandbox_pay/core.hpp"
#include "adapters/sandbox_pay/ledger.hpp"
#include "platform/async/runtime.hpp"
#include "platform/async/wait.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <vector>

namespace backline::sandbox_pay {

struct Settings {
    Duration answers_within =
        std::chrono::seconds(3); ///< A call that is never answered fails after this long.
    Duration late_by = std::chrono::seconds(2); ///< How late `tok_late` answers.
    std::size_t waiting_max = 1024; ///< Calls waiting for the ledger; more are `not_done`.
};

/// What the simulator does to one call, on top of what its token does.
enum class Fault : std::uint8_t {
    none,
    unavailable,  ///< Not taken, and says so.
    lost_request, ///< Not taken; no answer comes.
    lost_answer,  ///< Done; no answer comes.
    late,         ///< Done; the answer comes late.
    noticed,      ///< Done; two notices come before the answer.
};

/// The payment provider port over a ledger. Calls that wait at the same time are written as one durable group, before
/// any of them is answered; the ledger is used off the loop, by one job at a time. A payment that the ledger does not
/// know is `Unavailable`, `not_done`: somebody took the provider's books away. Loop thread only. Runtime and ledger
/// outlive it.
class SandboxPay final : public payments::Provider {
public:
    SandboxPay(Runtime& runtime, Ledger& ledger, Settings settings);

    Task<ProviderPayment> call(ProviderCall call) override;

    void on_notice(Listener listener) override { listener_ = std::move(listener); }

    /// The provider's own books, at most `limit` rows after `number`: what ours are checked against.
    Task<std::vector<LedgerRow>> ledger(std::int64_t number, std::size_t limit);

    /// Asked before every call; for the simulator. Must not throw.
    using FaultHook = std::function<Fault(const ProviderCall&)>;

    void inject(FaultHook hook) { fault_ = std::move(hook); }

private:
    /// Work on the ledger that waits for its group, and how it failed.
    struct Job {
        std::move_only_function<void(Ledger&)> work;
        bool done = false;
        std::exception_ptr failure{};
    };

    using Jobs = std::vector<std::shared_ptr<Job>>;

    Task<> before(Fault fault);
    Task<> travel(Manner manner, Fault fault, PaymentId payment);
    Task<> never_answer();
    Task<> in_group(std::move_only_function<void(Ledger&)> work);
    static void write_group(Ledger& ledger, const Jobs& group);

    Runtime& runtime_;
    Ledger& ledger_;
    Settings settings_;
    Listener listener_;
    FaultHook fault_;
    Jobs waiting_;
    Permits ledger_free_;
};

} // namespace backline::sandbox_pay
