#pragma once

#include "platform/service/service.hpp"
#include "services/payments/payments/reactions/worker.hpp"

/// What payments does when orders asks. Each may come twice, run twice at once, or be cut off at any point: the
/// payment's id derives from the order, and the model finds what was asked before.
namespace backline::payments {

class PaymentReactions final {
public:
    explicit PaymentReactions(PaymentWorker& worker) : worker_(worker) {}

    /// Reserves the money; answers `PaymentAuthorised` or `PaymentDeclined`.
    Task<> payment_requested(Message message, orders::PaymentRequested request);

    /// Takes the reserved money; answers `PaymentCaptured` or `CaptureRefused`.
    Task<> capture_requested(Message message, orders::CaptureRequested request);

    /// Gives up or gives back whatever there is; answers `PaymentClosed`.
    Task<> payment_close_requested(Message message, orders::PaymentCloseRequested request);

private:
    PaymentWorker& worker_;
};

} // namespace backline::payments
