#include "services/payments/payments/reactions.hpp"

namespace backline::payments {

Task<> PaymentReactions::payment_requested(Message message, orders::PaymentRequested request) {
    const auto wish = [&](const Payment* payment) -> Result<Change<Payment>> {
        return authorise(payment, request, worker_.when());
    };
    const PaymentId id = payment_of(request.ref.order);
    co_await worker_.write_then_ask(id, wish, message.cause, {.creates = true});
}

/// The request itself is the durable intent here, and the capture's key derives from the payment: nothing would be
/// gained by a commit before the call.
Task<> PaymentReactions::capture_requested(Message message, orders::CaptureRequested request) {
    const auto wish = [&](const Payment* payment) -> Result<Change<Payment>> {
        return capture(payment, request, worker_.when());
    };
    const PaymentId id = payment_of(request.ref.order);
    co_await worker_.ask_then_write(id, wish, message.cause);
}

/// Written first: whoever is at work on this payment must see that it is being closed.
Task<> PaymentReactions::payment_close_requested(
    Message message, orders::PaymentCloseRequested request
) {
    const auto wish = [&](const Payment* payment) -> Result<Change<Payment>> {
        return close(payment, request, worker_.when());
    };
    const PaymentId id = payment_of(request.ref.order);
    co_await worker_.write_then_ask(id, wish, message.cause);
}

} // namespace backline::payments
