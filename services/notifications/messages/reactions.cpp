#include "services/notifications/messages/reactions.hpp"

#include "platform/base/projection.hpp"
#include "platform/render/mustache.hpp"

#include <fmt/format.h>

namespace backline::notifications {

namespace {

/// `1,234.50 EUR` without the comma: amounts have two decimals in every currency that the shop takes so far.
std::string money_text(const Money& money) {
    const std::int64_t cents = money.amount < 0 ? -money.amount : money.amount;
    return fmt::format(
        "{}{}.{:02} {}",
        money.amount < 0 ? "-" : "",
        cents / 100,
        cents % 100,
        money.currency.text()
    );
}

std::string_view reason_text(orders::EndReason reason) {
    switch (reason) {
    case orders::EndReason::out_of_stock:
        return "some of the goods were sold out";
    case orders::EndReason::payment_declined:
        return "the payment was declined";
    case orders::EndReason::payment_unresolved:
        return "the payment could not be completed";
    case orders::EndReason::capture_refused:
        return "the payment could not be collected";
    case orders::EndReason::customer_cancelled:
        return "you cancelled it";
    case orders::EndReason::staff_cancelled:
        return "we had to cancel it";
    case orders::EndReason::stock_unresolved:
        return "the goods could not be set aside in time";
    }
    return "";
}

/// A template's three parts with their values, as a mail; refuses what makes no mail.
Result<Mail> mail_of(
    const Message& message, const Template& words, const Email& to, const render::Variables& values
) {
    const auto subject = render::render(words.subject.text(), values, render::Escape::none);
    const auto text = render::render(words.text.text(), values, render::Escape::none);
    const auto html = render::render(words.html.text(), values, render::Escape::html);
    for (const auto* part : {&subject, &text, &html}) {
        if (!*part) return std::unexpected(part->error());
    }
    const auto line = MailSubject::parse(*subject);
    if (!line || line->text().find('\n') != std::string::npos) {
        return refuse(
            mail_error("mail_content_refused"),
            "The subject is not one line of 1 to 200 characters."
        );
    }
    return Mail{MailId::of(message.id.text()), to, *line, *text, *html};
}

} // namespace

Task<> MessageReactions::contact_changed(backline::Message message, users::ContactChanged event) {
    const Contact news{event.customer, event.email, event.name, message.epoch, message.sequence};
    const auto decide = [&](const Contact* known) -> Result<Change<Contact>> {
        return keep_newest(known, news);
    };
    co_await contacts_.update(event.customer, decide, message.cause);
    if (!event.email) co_return;
    co_await wake_all(event.customer, MessageStatus::sending, message.cause);
    co_await wake_all(event.customer, MessageStatus::waiting, message.cause);
}

Task<> MessageReactions::user_registered(backline::Message message, users::UserRegistered event) {
    const auto customer = users::CustomerId::of(event.user.text());
    return raise("welcome", event.user.text(), customer, {}, message.cause);
}

Task<> MessageReactions::order_confirmed(backline::Message message, orders::OrderConfirmed event) {
    Values values{{"number", event.number.text()}, {"total", money_text(event.total)}};
    return raise(
        "order_confirmed", event.order.text(), event.customer, std::move(values), message.cause
    );
}

Task<> MessageReactions::order_rejected(backline::Message message, orders::OrderRejected event) {
    Values values{
        {"number", event.number.text()}, {"reason", std::string(reason_text(event.reason))}
    };
    return raise(
        "order_rejected", event.order.text(), event.customer, std::move(values), message.cause
    );
}

Task<> MessageReactions::order_cancelled(backline::Message message, orders::OrderCancelled event) {
    Values values{
        {"number", event.number.text()}, {"reason", std::string(reason_text(event.reason))}
    };
    if (!event.returned.is_zero()) values["returned"] = money_text(event.returned);
    return raise(
        "order_cancelled", event.order.text(), event.customer, std::move(values), message.cause
    );
}

Task<> MessageReactions::payment_refunded(
    backline::Message message, payments::PaymentRefunded event
) {
    Values values{{"amount", money_text(event.amount)}, {"reason", event.reason.text()}};
    return raise(
        "payment_refunded", event.refund.text(), event.customer, std::move(values), message.cause
    );
}

Task<> MessageReactions::message_due(store::Versioned<Message> message) {
    const Instant now = runtime_.now().utc;
    bool mine = false;
    const auto claim = [&](const Message* known) -> Result<Change<Message>> {
        Change<Message> change = take(*known, now);
        mine = change.next && change.next->status == MessageStatus::sending;
        return change;
    };
    const auto taken = co_await messages_.update(message->id, claim);
    if (mine) co_await send(*unwrap(taken), {}, nullptr);
}

/// Whoever looked for the contact before it was there is found here: being sent, or waiting already.
Task<> MessageReactions::wake_all(
    users::CustomerId customer, MessageStatus status, store::Cause cause
) {
    const Instant now = runtime_.now().utc;
    const auto decide = [&](const Message* known) -> Result<Change<Message>> {
        return wake(*known, now);
    };
    store::Range range{
        .index = messages_by_customer,
        .equals = {customer.text(), std::string(name_of(status))},
        .limit = 100
    };
    do {
        const auto found = co_await messages_.page(range);
        const auto slice = unwrap(found);
        for (const auto& message : slice.items) {
            co_await messages_.update(message->id, decide, cause);
        }
        range.after = slice.next.value_or("");
    } while (!range.after.empty());
}

Task<> MessageReactions::stop() {
    return sends_.join();
}

MessageReactions::Place MessageReactions::take_place() const {
    const bool full = places_.use_count() > sends_max;
    return full ? nullptr : places_;
}

Task<> MessageReactions::raise(
    std::string kind,
    std::string about,
    users::CustomerId customer,
    Values values,
    store::Cause cause
) {
    const Instant now = runtime_.now().utc;
    const Message raised{
        .id = MessageId::of(kind + "/" + about),
        .template_ = TemplateName::of(kind),
        .customer = customer,
        .values = std::move(values),
        .raised_at = now,
        .due_at = now
    };
    const Place place = take_place();
    bool mine = false;
    const auto keep = [&](const Message* known) -> Result<Change<Message>> {
        mine = known == nullptr && place != nullptr;
        if (known != nullptr) return Change<Message>::nothing();
        return mine ? take(raised, now) : Change<Message>::to(raised);
    };
    const auto kept = co_await messages_.update(raised.id, keep, cause, {.creates = true});
    if (mine) sends_.spawn(send(*unwrap(kept), cause, place));
}

Task<> MessageReactions::send(Message taken, store::Cause cause, Place) {
    const Tried tried = co_await try_to_send(taken);
    const auto result = [&](const Message* known) -> Result<Change<Message>> {
        return note(*known, tried, runtime_.now().utc);
    };
    co_await messages_.update(taken.id, result, cause);
}

Task<Tried> MessageReactions::try_to_send(const Message& message) {
    const int mine = message.attempts;
    const store::Versioned<Contact> contact = co_await contacts_.find(message.customer);
    if (!contact || !contact->email) {
        co_return Tried{mine, Outcome::no_contact, "no address is known"};
    }
    const store::Versioned<Template> words = co_await templates_.find(message.template_);
    if (!words) co_return Tried{mine, Outcome::try_later, "there is no template"};
    render::Variables values = message.values;
    values["name"] = contact->name ? contact->name->text() : "";
    const Result<Mail> mail = mail_of(message, *words, *contact->email, values);
    if (!mail) co_return Tried{mine, Outcome::try_later, mail.error().detail};
    try {
        const Result<void> sent = co_await mailer_.send(*mail);
        if (!sent) co_return Tried{mine, Outcome::refused, sent.error().detail};
    } catch (const Unavailable& away) {
        co_return Tried{mine, Outcome::try_later, away.what()};
    }
    co_return Tried{mine, Outcome::sent};
}

} // namespace backline::notifications
