#pragma once

#include "adapters/sandbox_pay/memory_ledger.hpp"
#include "adapters/sandbox_pay/sandbox_pay.hpp"
#include "platform/observe/log.hpp"
#include "services/payments/payments/model/samples_test.hpp"
#include "services/payments/service.hpp"
#include "tests/support/service_bench.hpp"

#include <memory>
#include <string>
#include <vector>

/// The Payment Service with a sandbox provider whose books outlive every crash.
namespace backline::payments {

using sandbox_pay::Fault;
using tests::ServiceBench;

struct PaymentShop {
    sandbox_pay::MemoryLedger ledger;
    sandbox_pay::SandboxPay::FaultHook fault; ///< Asked before every call.
    std::shared_ptr<sandbox_pay::SandboxPay> provider;
    std::unique_ptr<observe::Log> log = observe::make_silent_log();
    ServiceBench bench{{[this](Backends on) { return make(on); }}};

    void pay(orders::OrderId order, std::string_view token = "tok_ok", int attempt = 1) {
        bench.post(samples::payment_asked(order, attempt, token), {order.text()});
    }

    void capture(orders::OrderId order, int attempt = 1) {
        bench.post(samples::capture_asked(order, attempt), {order.text()});
    }

    void close(orders::OrderId order, int attempt = 1) {
        bench.post(samples::close_asked(order, attempt), {order.text()});
    }

    /// Until nothing moves any more: the longest pause of the service has passed several times.
    void quieten() { bench.advance(Duration{120'000}); }

    /// An order whose money was taken.
    orders::OrderId paid(std::uint64_t n = 1) {
        const orders::OrderId order = samples::order(n);
        pay(order);
        bench.settle();
        capture(order);
        bench.settle();
        return order;
    }

    [[nodiscard]] Payment payment(orders::OrderId order) const {
        for (const Payment& each : bench.documents<Payment>("payments.payments")) {
            if (each.order == order) return each;
        }
        return {};
    }

    /// Effects that the provider has on its books for an operation.
    [[nodiscard]] std::size_t effects(ProviderOperation operation) const {
        std::size_t count = 0;
        for (const auto& row : ledger.rows()) count += row.operation == operation && row.ok ? 1 : 0;
        return count;
    }

    /// What the provider keeps of everybody's money.
    [[nodiscard]] std::int64_t kept() const {
        std::int64_t sum = 0;
        for (const auto& row : ledger.rows()) {
            if (!row.ok) continue;
            if (row.operation == ProviderOperation::capture) sum += row.amount.amount;
            if (row.operation == ProviderOperation::refund) sum -= row.amount.amount;
        }
        return sum;
    }

    template <class E> [[nodiscard]] std::size_t told() const { return bench.events<E>().size(); }

private:
    Service make(Backends on) {
        const sandbox_pay::Settings settings;
        provider = std::make_shared<sandbox_pay::SandboxPay>(on.runtime, ledger, settings);
        provider->inject([this](const ProviderCall& call) {
            return fault ? fault(call) : Fault::none;
        });
        return make_service(on, *provider, *log);
    }
};

/// Everything that the provider or staff may do here.
inline std::string staff() {
    return tests::as("usr_01jd8xw9b2f0aqv1e4m7k3t5nz", {"payments:read", "payments:refund"});
}

} // namespace backline::payments
