#include "services/payments/payments/model/transitions.hpp"

#include "platform/base/invariant.hpp"

#include <algorithm>
#include <array>

namespace backline::payments {

namespace {

using enum PaymentStatus;
using I = Incoming;
using A = Answer;

// clang-format off
constexpr std::array table{
    // The first answer may be any, since a method may charge at once. A payment that expired with the provider before
    // it was confirmed took nothing: for orders it is declined.
    Transition{authorising, I::authorise_asked,     authorising, A::nothing},
    Transition{authorising, I::capture_asked,       authorising, A::nothing},
    Transition{authorising, I::close_asked,         closing,     A::nothing},
    Transition{authorising, I::provider_created,    authorising, A::nothing},
    Transition{authorising, I::provider_processing, authorising, A::nothing},
    Transition{authorising, I::provider_authorised, authorised,  A::authorised},
    Transition{authorising, I::provider_declined,   declined,    A::declined},
    Transition{authorising, I::provider_captured,   captured,    A::authorised},
    Transition{authorising, I::provider_voided,     declined,    A::declined},
    Transition{authorising, I::all_returned,        authorising, A::nothing},

    Transition{authorised, I::authorise_asked,      authorised,  A::authorised},
    Transition{authorised, I::capture_asked,        capturing,   A::nothing},
    Transition{authorised, I::close_asked,          closing,     A::nothing},
    Transition{authorised, I::provider_created,     authorised,  A::nothing},
    Transition{authorised, I::provider_processing,  authorised,  A::nothing},
    Transition{authorised, I::provider_authorised,  authorised,  A::nothing},
    Transition{authorised, I::provider_declined,    needs_attention, A::nothing},
    Transition{authorised, I::provider_captured,    captured,    A::nothing},
    Transition{authorised, I::provider_voided,      closed,      A::nothing}, // The reservation expired.
    Transition{authorised, I::all_returned,         authorised,  A::nothing},

    // A provider that changes its mind after a decline must give back: orders has told the customer "declined".
    Transition{declined, I::authorise_asked,        declined,    A::declined},
    Transition{declined, I::capture_asked,          declined,    A::capture_refused},
    Transition{declined, I::close_asked,            closed,      A::closed},
    Transition{declined, I::provider_created,       declined,    A::nothing},
    Transition{declined, I::provider_processing,    declined,    A::nothing},
    Transition{declined, I::provider_authorised,    closing,     A::nothing},
    Transition{declined, I::provider_declined,      declined,    A::nothing},
    Transition{declined, I::provider_captured,      closing,     A::nothing},
    Transition{declined, I::provider_voided,        declined,    A::nothing},
    Transition{declined, I::all_returned,           declined,    A::nothing},

    Transition{capturing, I::authorise_asked,       capturing,   A::authorised},
    Transition{capturing, I::capture_asked,         capturing,   A::nothing},
    Transition{capturing, I::close_asked,           closing,     A::nothing},
    Transition{capturing, I::provider_created,      capturing,   A::nothing},
    Transition{capturing, I::provider_processing,   capturing,   A::nothing},
    Transition{capturing, I::provider_authorised,   capturing,   A::nothing},
    Transition{capturing, I::provider_declined,     needs_attention, A::nothing},
    Transition{capturing, I::provider_captured,     captured,    A::captured},
    Transition{capturing, I::provider_voided,       closed,      A::capture_refused},
    Transition{capturing, I::all_returned,          capturing,   A::nothing},

    Transition{captured, I::authorise_asked,        captured,    A::authorised},
    Transition{captured, I::capture_asked,          captured,    A::captured},
    Transition{captured, I::close_asked,            closing,     A::nothing},
    Transition{captured, I::provider_created,       captured,    A::nothing},
    Transition{captured, I::provider_processing,    captured,    A::nothing},
    Transition{captured, I::provider_authorised,    captured,    A::nothing},
    Transition{captured, I::provider_declined,      needs_attention, A::nothing},
    Transition{captured, I::provider_captured,      captured,    A::nothing},
    Transition{captured, I::provider_voided,        needs_attention, A::nothing},
    Transition{captured, I::all_returned,           captured,    A::nothing},

    // Whoever closes gets the answer; with it orders knows what became of its older questions.
    Transition{closing, I::authorise_asked,         closing,     A::nothing},
    Transition{closing, I::capture_asked,           closing,     A::nothing},
    Transition{closing, I::close_asked,             closing,     A::nothing},
    Transition{closing, I::provider_created,        closing,     A::nothing},
    Transition{closing, I::provider_processing,     closing,     A::nothing},
    Transition{closing, I::provider_authorised,     closing,     A::nothing},
    Transition{closing, I::provider_declined,       closed,      A::closed},
    Transition{closing, I::provider_captured,       closing,     A::nothing},
    Transition{closing, I::provider_voided,         closed,      A::closed},
    Transition{closing, I::all_returned,            closed,      A::closed},

    // A request that comes after its own closing is refused. Money that turns up afterwards goes back.
    Transition{closed, I::authorise_asked,          closed,      A::declined},
    Transition{closed, I::capture_asked,            closed,      A::capture_refused},
    Transition{closed, I::close_asked,              closed,      A::closed},
    Transition{closed, I::provider_created,         closed,      A::nothing},
    Transition{closed, I::provider_processing,      closed,      A::nothing},
    Transition{closed, I::provider_authorised,      closing,     A::nothing},
    Transition{closed, I::provider_declined,        closed,      A::nothing},
    Transition{closed, I::provider_captured,        closing,     A::nothing},
    Transition{closed, I::provider_voided,          closed,      A::nothing},
    Transition{closed, I::all_returned,             closed,      A::nothing},

    // Nothing is answered and nothing is asked until a person has looked.
    Transition{needs_attention, I::authorise_asked,     needs_attention, A::nothing},
    Transition{needs_attention, I::capture_asked,       needs_attention, A::nothing},
    Transition{needs_attention, I::close_asked,         needs_attention, A::nothing},
    Transition{needs_attention, I::provider_created,    needs_attention, A::nothing},
    Transition{needs_attention, I::provider_processing, needs_attention, A::nothing},
    Transition{needs_attention, I::provider_authorised, needs_attention, A::nothing},
    Transition{needs_attention, I::provider_declined,   needs_attention, A::nothing},
    Transition{needs_attention, I::provider_captured,   needs_attention, A::nothing},
    Transition{needs_attention, I::provider_voided,     needs_attention, A::nothing},
    Transition{needs_attention, I::all_returned,        needs_attention, A::nothing},
};
// clang-format on

} // namespace

std::span<const Transition> transitions() {
    return table;
}

const Transition& transition(PaymentStatus from, Incoming incoming) {
    const auto row = std::ranges::find_if(table, [&](const Transition& each) {
        return each.from == from && each.incoming == incoming;
    });
    INVARIANT(row != table.end(), "every status has a row for everything that can come in");
    return *row;
}

Incoming incoming_of(ProviderStatus status) {
    switch (status) {
    case ProviderStatus::created:
        return Incoming::provider_created;
    case ProviderStatus::processing:
        return Incoming::provider_processing;
    case ProviderStatus::authorised:
        return Incoming::provider_authorised;
    case ProviderStatus::declined:
        return Incoming::provider_declined;
    case ProviderStatus::captured:
        return Incoming::provider_captured;
    case ProviderStatus::voided:
        return Incoming::provider_voided;
    }
    invariant_broken("status", "a provider's status is one of the described ones");
}

} // namespace backline::payments
