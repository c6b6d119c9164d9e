#include "services/notifications/messages/model.hpp"

#include <algorithm>

namespace backline::notifications {

namespace {

/// How long a sender has before it counts as dead: longer than a mailer takes.
constexpr Duration sending_for{60'000};
constexpr Duration retry_first{2'000};
constexpr Duration retry_max{std::chrono::minutes{10}};
constexpr int attempts_max = 200;

Duration pause_after(int attempts) {
    return std::min(retry_first * (1 << std::min(attempts, 10)), retry_max);
}

} // namespace

Change<Message> take(const Message& message, Instant now) {
    const bool due = message.due_at && *message.due_at <= now;
    if (!due) return Change<Message>::nothing();
    Message next = message;
    if (next.attempts >= attempts_max) {
        next.status = MessageStatus::failed;
        next.problem = Text<1, 200>::of("whoever sent it died of it, again and again");
        next.due_at.reset();
        return Change<Message>::to(std::move(next));
    }
    next.status = MessageStatus::sending;
    next.attempts += 1;
    next.contact_came = false;
    next.due_at = now + sending_for;
    return Change<Message>::to(std::move(next));
}

Change<Message> note(const Message& message, const Tried& tried, Instant now) {
    const bool newest =
        message.status == MessageStatus::sending && message.attempts == tried.attempt;
    const bool sent = tried.outcome == Outcome::sent && message.status != MessageStatus::sent;
    if (!newest && !sent) return Change<Message>::nothing();
    Message next = message;
    next.due_at.reset();
    next.problem.reset();
    if (!tried.problem.empty()) next.problem = Text<1, 200>::parse(tried.problem);
    const bool tired = message.attempts >= attempts_max;
    switch (tried.outcome) {
    case Outcome::sent:
        next.status = MessageStatus::sent;
        next.sent_at = now;
        break;
    case Outcome::no_contact:
        next.status = MessageStatus::waiting;
        next.attempts -= 1;
        if (message.contact_came) next.due_at = now;
        break;
    case Outcome::try_later:
        next.status = tired ? MessageStatus::failed : MessageStatus::waiting;
        if (!tired) next.due_at = now + pause_after(message.attempts);
        break;
    case Outcome::refused:
        next.status = MessageStatus::failed;
        break;
    }
    return Change<Message>::to(std::move(next));
}

Change<Message> wake(const Message& message, Instant now) {
    Message next = message;
    switch (message.status) {
    case MessageStatus::waiting:
        if (message.due_at) return Change<Message>::nothing();
        next.due_at = now;
        break;
    case MessageStatus::sending:
        next.contact_came = true;
        break;
    case MessageStatus::sent:
    case MessageStatus::failed:
        return Change<Message>::nothing();
    }
    return Change<Message>::to(std::move(next));
}

MessageView view_of(const Message& message) {
    return {
        message.id,
        message.template_,
        message.customer,
        message.status,
        message.attempts,
        message.problem,
        message.raised_at,
        message.sent_at
    };
}

} // namespace backline::notifications
