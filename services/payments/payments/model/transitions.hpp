#pragma once

#include "services/payments/payments/api.hpp"
#include "services/payments/payments/model/provider_data.hpp"

#include <boost/describe/enum.hpp>

#include <span>

/// The life of a payment as data: one row for every status and everything that can come in, early, late or odd. Tests
/// walk it; the diagram in the README is made from it.
namespace backline::payments {

/// What can happen to a payment: what orders asks, what the provider turns out to have done (beyond what is known:
/// older news is not put to the table), and that the last refund of a closing is through.
enum class Incoming {
    authorise_asked,
    capture_asked,
    close_asked,
    provider_created,
    provider_processing,
    provider_authorised,
    provider_declined,
    provider_captured,
    provider_voided,
    all_returned
};
BOOST_DESCRIBE_ENUM(
    Incoming,
    authorise_asked,
    capture_asked,
    close_asked,
    provider_created,
    provider_processing,
    provider_authorised,
    provider_declined,
    provider_captured,
    provider_voided,
    all_returned
)

/// What orders hears, if it asked: the newest question of that step gets the answer.
enum class Answer { nothing, authorised, declined, captured, capture_refused, closed };
BOOST_DESCRIBE_ENUM(Answer, nothing, authorised, declined, captured, capture_refused, closed)

struct Transition {
    PaymentStatus from;
    Incoming incoming;
    PaymentStatus to;
    Answer answer;
};

/// All rows, exactly one per status and incoming.
[[nodiscard]] std::span<const Transition> transitions();

[[nodiscard]] const Transition& transition(PaymentStatus from, Incoming incoming);

/// How the provider's status comes in.
[[nodiscard]] Incoming incoming_of(ProviderStatus status);

} // namespace backline::payments
