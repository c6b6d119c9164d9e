#pragma once

#include "platform/async/task_group.hpp"
#include "platform/service/service.hpp"
#include "services/notifications/mailer.hpp"
#include "services/notifications/messages/store.hpp"
#include "services/notifications/templates/store.hpp"
#include "services/orders/events.hpp"
#include "services/payments/events.hpp"

#include <memory>

/// What is told to customers, and when. Every message is keyed by its kind and the business key of its event, so that
/// an event that comes twice sends one. An event only leaves its message: the sending goes on beside it, so that a mail
/// server that hangs holds up mails and no events.
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

    /// One that waits for its next try, that found no place to be sent at once, or whose sender died.
    Task<> message_due(store::Versioned<Message> message);

    /// Waits for what is being sent. Nothing may be raised any more.
    Task<> stop();

private:
    /// Of messages that are sent as soon as they are raised; more are left to the timer.
    static constexpr long sends_max = 64;

    /// Room for one of them, as long as somebody holds it; null: none was left.
    using Place = std::shared_ptr<const int>;

    using Values = std::map<std::string, std::string>;

    Task<> raise(
        std::string kind,
        std::string about,
        users::CustomerId customer,
        Values values,
        store::Cause cause
    );
    Task<> wake_all(users::CustomerId customer, MessageStatus status, store::Cause cause);
    [[nodiscard]] Place take_place() const;
    Task<> send(Message taken, store::Cause cause, Place place);
    Task<Tried> try_to_send(const Message& message);

    Runtime& runtime_;
    ContactCollection& contacts_;
    MessageCollection& messages_;
    TemplateCollection& templates_;
    Mailer& mailer_;
    Place places_ = std::make_shared<const int>();
    /// A send that fails here leaves its message as a dead sender would; the timer follows, and tells if it fails, too.
    TaskGroup sends_{[](const std::exception_ptr&) {}};
};

} // namespace backline::notifications
