#include "tests/simulation/provider.hpp"

#include "adapters/sandbox_pay/core.hpp"
#include "tests/simulation/answer.hpp"

#include <tuple>

namespace backline::simulation {

using payments::ProviderCall;
using payments::ProviderOperation;
using payments::ProviderPayment;

/// The provider as one process sees it.
class Provider::Wire final : public payments::Provider {
public:
    Wire(Runtime& process, TaskGroup& calls, payments::Provider& provider)
        : process_(process)
        , calls_(calls)
        , provider_(provider) {}

    Task<ProviderPayment> call(ProviderCall call) override {
        const auto answer = std::make_shared<Answer<ProviderPayment>>(process_);
        calls_.spawn(settle(provider_.call(std::move(call)), answer));
        co_return co_await *answer;
    }

    void on_notice(Listener listener) override { provider_.on_notice(std::move(listener)); }

private:
    Runtime& process_;
    TaskGroup& calls_;
    payments::Provider& provider_;
};

Provider::Provider(Runtime& outside, Fate& fate)
    : outside_(outside)
    , fate_(fate)
    , sandbox_(outside, ledger_, {})
    , calls_([](std::exception_ptr failure) { std::rethrow_exception(failure); }) {
    sandbox_.inject([this](const ProviderCall& call) { return strike(call); });
}

Provider::~Provider() = default;

payments::Provider& Provider::connect(Runtime& process) {
    return *wires_.emplace_back(std::make_unique<Wire>(process, calls_, sandbox_));
}

sandbox_pay::Fault Provider::strike(const ProviderCall& call) {
    using sandbox_pay::Fault;
    if (fate_.is_away("provider")) return Fault::lost_request;
    if (fate_.strikes(&Faults::provider_away)) return Fault::unavailable;
    if (fate_.strikes(&Faults::provider_deaf)) return Fault::lost_request;
    const bool takes = call.operation == ProviderOperation::capture;
    if (takes && fate_.strikes(&Faults::provider_lapsed)) lapse(call);
    if (fate_.strikes(&Faults::provider_mute)) return Fault::lost_answer;
    if (fate_.strikes(&Faults::provider_late)) return Fault::late;
    if (fate_.strikes(&Faults::provider_twice)) return Fault::noticed;
    return Fault::none;
}

/// The customer's bank let go of what was reserved. Without effect once the money was taken.
void Provider::lapse(const ProviderCall& call) {
    ProviderCall gone{.operation = ProviderOperation::void_};
    gone.key = Text<1, 120>::of(call.payment.text() + "/lapsed");
    gone.payment = call.payment;
    gone.id = call.id;
    std::ignore = sandbox_pay::perform(ledger_, gone, outside_.now().utc);
}

} // namespace backline::simulation
