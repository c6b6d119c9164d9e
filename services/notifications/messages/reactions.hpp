#pragma once

#include "platform/service/service.hpp"
#include "services/notifications/mailer.hpp"
#include "services/notifications/messages/store.hpp"
#include "services/notifications/templates/store.hpp"
#include "services/orders/events.hpp"
#include "services/payments/events.hpp"

/// What is told to customers, and when. Every message is keyed by its kind and the business key of its event, so that
/// an event that comes twice sends one.
namespace backline::notifications {

class MessageReactions final {
public:
    MessageReactions(
        Runtime& runtime,
        ContactCollection& contacts,
        MessageCollection& messages,
        TemplateCollection& templates,
        Mailer& mailer
    )
        : runtime_(runtime)
        , contacts_(contacts)
        , messages_(messages)
        , templates_(templates)
        , mailer_(mailer) {}

    Task<> contact_changed(backline::Message message, users::ContactChanged event);
    Task<> user_registered(backline::Message message, users::UserRegistered event);
    Task<> order_confirmed(backline::Message message, orders::OrderConfirmed event);
    Task<> order_rejected(backline::Message message, orders::OrderRejected event);
    Task<> order_cancelled(backline::Message message, orders::OrderCancelled event);
    Task<> payment_refunded(backline::Message message, payments::PaymentRefunded event);

    /// One that waits for its next try, or whose sender died.
    Task<> message_due(store::Versioned<Message> message);

private:
    using Values = std::map<std::string, std::string>;

    struct Tried {
        Outcome outcome;
        std::string problem{};
    };

    Task<> raise(
        std::string kind,
        std::string about,
        users::CustomerId customer,
        Values values,
        store::Cause cause
    );
    Task<> send(MessageId id, Message raised, store::Cause cause);
    Task<Tried> try_to_send(const Message& message);

    Runtime& runtime_;
    ContactCollection& contacts_;
    MessageCollection& messages_;
    TemplateCollection& templates_;
    Mailer& mailer_;
};

} // namespace backline::notifications
