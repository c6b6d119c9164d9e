#include "adapters/sandbox_pay/sandbox_pay.hpp"

#include "platform/base/problem.hpp"

namespace backline::sandbox_pay {

namespace {

[[noreturn]] void not_done(const std::string& cause) {
    throw Unavailable(Unavailable::Outcome::not_done, cause);
}

/// A caller's bug is the caller's alone; a ledger that fails fails for the whole group.
void attempt(auto& job, Ledger& ledger) {
    try {
        job.work(ledger);
    } catch (const std::logic_error&) {
        job.failure = std::current_exception();
    }
}

} // namespace

SandboxPay::SandboxPay(Runtime& runtime, Ledger& ledger, Settings settings)
    : runtime_(runtime)
    , ledger_(ledger)
    , settings_(settings)
    , ledger_free_(runtime, 1) {}

Task<ProviderPayment> SandboxPay::call(ProviderCall call) {
    const Fault fault = fault_ ? fault_(call) : Fault::none;
    co_await before(fault);
    const Instant now = runtime_.now().utc;
    Outcome outcome;
    co_await in_group([&](Ledger& ledger) { outcome = perform(ledger, call, now); });
    if (!outcome.payment) not_done("the payment provider does not know " + call.id.text());
    co_await travel(outcome.manner, fault, call.payment);
    co_return *std::move(outcome.payment);
}

Task<std::vector<LedgerRow>> SandboxPay::ledger(std::int64_t number, std::size_t limit) {
    std::vector<LedgerRow> rows;
    co_await in_group([&](Ledger& ledger) { rows = ledger.list(number, limit); });
    co_return rows;
}

Task<> SandboxPay::before(Fault fault) {
    co_await turn(runtime_);
    if (fault == Fault::unavailable) not_done("the payment provider is out of order");
    if (fault == Fault::lost_request) co_await never_answer();
}

Task<> SandboxPay::travel(Manner manner, Fault fault, PaymentId payment) {
    if (manner == Manner::out_of_order) not_done("the payment provider is out of order");
    const bool silent = manner == Manner::silent || fault == Fault::lost_answer;
    if (silent) co_await never_answer();
    const bool late = manner == Manner::late || fault == Fault::late;
    if (late) co_await sleep_for(runtime_, settings_.late_by);
    const bool noticed = manner == Manner::twice || fault == Fault::noticed;
    for (int each = 0; noticed && listener_ && each < 2; ++each) listener_(payment);
}

Task<> SandboxPay::never_answer() {
    co_await sleep_for(runtime_, settings_.answers_within);
    throw Unavailable(Unavailable::Outcome::unknown, "the payment provider did not answer in time");
}

Task<> SandboxPay::in_group(std::move_only_function<void(Ledger&)> work) {
    if (waiting_.size() >= settings_.waiting_max) {
        not_done("too many calls wait for the provider's ledger");
    }
    const auto job = std::make_shared<Job>(std::move(work));
    waiting_.push_back(job);
    co_await ledger_free_.take();
    // Whoever finds the ledger free writes for all that wait; they find their work done.
    if (!job->done) {
        Jobs group = std::exchange(waiting_, {});
        auto write = [this, group = std::move(group)] { return write_group(ledger_, group), true; };
        co_await offloaded(runtime_, std::move(write));
    }
    ledger_free_.give_back();
    if (job->failure) std::rethrow_exception(job->failure);
}

void SandboxPay::write_group(Ledger& ledger, const Jobs& group) {
    std::exception_ptr failure;
    try {
        ledger.atomically([&] {
            for (const auto& job : group) attempt(*job, ledger);
        });
    } catch (const std::runtime_error& broken) {
        failure =
            std::make_exception_ptr(Unavailable(Unavailable::Outcome::unknown, broken.what()));
    }
    for (const auto& job : group) {
        job->done = true;
        if (failure) job->failure = failure;
    }
}

} // namespace backline::sandbox_pay
