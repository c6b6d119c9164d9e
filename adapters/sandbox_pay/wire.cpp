#include "adapters/sandbox_pay/wire.hpp"

namespace backline::sandbox_pay {

namespace {

template <class Text> std::optional<Text> unless_empty(const Text& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

} // namespace

CallRequest request_of(const payments::ProviderCall& call) {
    return {
        .operation = call.operation,
        .key = unless_empty(call.key),
        .payment = call.payment,
        .id = unless_empty(call.id),
        .amount = call.amount,
        .token = unless_empty(call.token),
        .refund = call.refund
    };
}

payments::ProviderCall call_of(const CallRequest& request) {
    payments::ProviderCall call;
    call.operation = request.operation;
    call.payment = request.payment;
    call.refund = request.refund;
    if (request.key) call.key = *request.key;
    if (request.id) call.id = *request.id;
    if (request.amount) call.amount = *request.amount;
    if (request.token) call.token = *request.token;
    return call;
}

} // namespace backline::sandbox_pay
