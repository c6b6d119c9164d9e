#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/change.hpp"
#include "platform/base/list.hpp"
#include "platform/base/problem.hpp"
#include "services/payments/payments/model/provider_data.hpp"
#include "services/payments/payments/model/transitions.hpp"
#include "services/payments/refunds/api.hpp"

#include <boost/describe/class.hpp>

#include <cstddef>
#include <optional>

/// Decisions about payments. A payment is the one document in which an order's money stands: the intent is in it before
/// the provider is asked, and what the provider did is in it before anybody hears of it. Pure.
///
/// What to ask next follows from the document alone (`next_step`), and every call has a key that derives from it, so
/// whoever finds a payment half-done, after a crash or a time-out, carries on by asking the same thing again.
namespace backline::payments {

/// Money on its way back to the customer. It is in the document before the provider is asked for it.
struct Refund {
    RefundView asked;
    RefundStatus status = RefundStatus::requested;
    bool by_closing = false; ///< Orders closed the payment; staff asked for the others.
    std::optional<Instant> ended_at{};

    bool operator==(const Refund&) const = default;
};
BOOST_DESCRIBE_STRUCT(Refund, (), (asked, status, by_closing, ended_at))

/// How many refunds staff may ask for, and what a closing may need beyond that.
inline constexpr std::size_t refunds_by_staff_max = 90;
inline constexpr std::size_t refunds_max = 100;

using Tries = Bounded<int, 0, 1'000'000>;

/// The money of one order.
struct Payment {
    PaymentId id; ///< Has the order's bytes: one order, one payment.
    orders::OrderId order;
    PaymentStatus status = PaymentStatus::authorising;
    std::optional<users::CustomerId> customer{}; ///< None if it was closed before it was asked for.
    Money amount;
    orders::PaymentToken token; ///< Kept until the provider has it.

    ProviderRef provider_id;                  ///< Empty until known.
    std::optional<ProviderStatus> known_as{}; ///< The furthest that the provider was seen at.
    Money authorised;
    Money captured;
    std::optional<DeclineReason> declined_for{};
    List<Refund, refunds_max> refunds{};

    std::optional<orders::SagaRef> authorise_ref{
    }; ///< The newest question of each step: answers go to it.
    std::optional<orders::SagaRef> capture_ref{};
    std::optional<orders::SagaRef> close_ref{};

    std::optional<AttentionReason> attention{};
    Tries tries{}; ///< How often the outcome was unknown since the last change.
    std::optional<Instant> due_at{
    }; ///< When somebody must carry on; none where nothing is to be done.
    Instant created_at{};

    bool operator==(const Payment&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    Payment,
    (),
    (id,
     order,
     status,
     customer,
     amount,
     token,
     provider_id,
     known_as,
     authorised,
     captured,
     declined_for,
     refunds,
     authorise_ref,
     capture_ref,
     close_ref,
     attention,
     tries,
     due_at,
     created_at)
)

[[nodiscard]] PaymentId payment_of(orders::OrderId order);

/// What went back: confirmed by the provider; and what is promised to go back, which includes that.
[[nodiscard]] Money refunded(const Payment& payment);
[[nodiscard]] Money promised_back(const Payment& payment);
[[nodiscard]] const Refund* find_refund(const Payment& payment, RefundId id);
[[nodiscard]] PaymentView view_of(const Payment& payment, std::int64_t version);

/// When a decision is taken, and when somebody else may take up the work that it begins.
struct When {
    Instant now{};
    Instant take_over_at{};
};

// --- what orders asks ----------------------------------------------------------------------------------------------

/// Orders wants the money reserved: writes the intent. Asked again with a higher attempt, answers what is true now;
/// with an attempt seen before, nothing. Another amount than the first time parks the payment.
Change<Payment> authorise(
    const Payment* payment, const orders::PaymentRequested& request, const When& when
);

/// Orders wants the reserved money taken. Nothing where there is no payment: nobody was told of one.
Change<Payment> capture(
    const Payment* payment, const orders::CaptureRequested& request, const When& when
);

/// Orders wants nothing kept. Where there is no payment yet, leaves a closed one behind, which refuses to charge.
Change<Payment> close(
    const Payment* payment, const orders::PaymentCloseRequested& request, const When& when
);

// --- what the provider is asked and answers --------------------------------------------------------------------------

/// What is to be done now: nothing, a call, or waiting for a provider that is at work on it.
struct Step {
    enum class Kind { nothing, call, wait } kind = Kind::nothing;
    std::optional<ProviderCall> call{};
};

/// Decides it by the document and by what the provider told just now (null: nothing yet). While the outcome of a call
/// is unknown (`tries` above zero), it asks what became of it before it repeats anything that moves money.
[[nodiscard]] Step next_step(const Payment& payment, const ProviderPayment* seen);

/// What is asked after a notice that there may be news; nothing where the provider knows of no such payment.
[[nodiscard]] std::optional<ProviderCall> question(const Payment& payment);

/// Takes in the provider's truth: status, books, refunds, and the answers that orders waits for. Nothing if it holds
/// nothing new, so that late and doubled answers do no harm; parks the payment if it cannot be.
Change<Payment> learn(const Payment& payment, const ProviderPayment& truth, const When& when);

/// The outcome of a call is not known: carry on at `due_at`. Keeps what `seen` tells of the provider's id. Nothing
/// where nothing is to be done any more.
Change<Payment> put_off(const Payment& payment, const ProviderPayment* seen, Instant due_at);

/// Takes up a payment that is due, so that nobody else does. Nothing if it is not due any more.
Change<Payment> take_up(const Payment& payment, const When& when);

/// `first` and, on what it made of `payment`, `second`; as one change.
template <class Decide>
Change<Payment> both(Change<Payment> first, const Payment& payment, Decide second) {
    Change<Payment> then = second(first.next ? *first.next : payment);
    if (!then.next) return first;
    first.next = std::move(then.next);
    for (RaisedEvent& event : then.events) first.events.push_back(std::move(event));
    for (Described& entry : then.entries) first.entries.push_back(std::move(entry));
    return first;
}

} // namespace backline::payments
