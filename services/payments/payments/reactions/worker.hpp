#pragma once

#include "platform/observe/log.hpp"
#include "platform/service/service.hpp"
#include "services/payments/config.hpp"
#include "services/payments/payments/store.hpp"
#include "services/payments/provider.hpp"

#include <set>

/// What carries a payment on: asks the provider what the model says is next, and writes down what it answers.
namespace backline::payments {

/// Any number of workers, in any number of processes, may be at work on one payment: the keys of their calls are the
/// same, and what the second learns is nothing new. Loop thread only.
class PaymentWorker final {
public:
    using Held = store::Versioned<Payment>;

    PaymentWorker(
        Runtime& runtime,
        PaymentCollection& payments,
        Provider& provider,
        observe::Log& log,
        const Config& config
    )
        : runtime_(runtime)
        , payments_(payments)
        , provider_(provider)
        , log_(log)
        , config_(config) {}

    /// Commits `wish`, then carries on.
    Task<> write_then_ask(
        PaymentId id, PaymentCollection::Decide wish, store::Cause cause, store::Terms terms = {}
    );

    /// Asks the provider for what `wish` leads to, then commits both together: one commit where all goes well. For
    /// wishes that lie durable elsewhere until this returns, such as an event.
    Task<> ask_then_write(PaymentId id, PaymentCollection::Decide wish, store::Cause cause);

    /// Carries on with what a crash left or a time-out left unknown.
    Task<> payment_due(Held payment);

    /// The provider may have news; `read_notices` asks.
    void notice(PaymentId id);
    Task<> read_notices();

    /// Now, and when others may take over from now on.
    [[nodiscard]] When when() const;

private:
    /// What became of a call: the truth, or when to ask again at the earliest.
    struct Answered {
        std::optional<ProviderPayment> truth{};
        Duration retry_after{};
    };

    using Seen = std::optional<ProviderPayment>;

    Task<bool> read_notice(PaymentId id);
    Task<> carry_on(Held payment, Seen seen, store::Cause cause);
    Task<Answered> ask(ProviderCall call);
    Task<Held> commit(
        PaymentId id, PaymentCollection::Decide decide, store::Cause cause, store::Terms terms = {}
    );
    Task<> put_off_until(PaymentId id, Seen seen, Duration retry_after, store::Cause cause);
    [[nodiscard]] Instant retry_at(const Payment& payment, Duration at_least) const;
    [[nodiscard]] bool waits(const Payment& payment) const;

    Runtime& runtime_;
    PaymentCollection& payments_;
    Provider& provider_;
    observe::Log& log_;
    Config config_;
    std::set<PaymentId> notices_;
};

} // namespace backline::payments
