#pragma once

#include "platform/base/change.hpp"
#include "platform/base/problem.hpp"
#include "services/notifications/messages/api.hpp"

#include <boost/describe/class.hpp>

#include <map>
#include <optional>
#include <string>

/// Decisions about messages. Pure.
namespace backline::notifications {

/// How a customer is reached: users' word, kept here because no event but theirs may carry it.
struct Contact {
    users::CustomerId customer;
    std::optional<Email> email;
    std::optional<users::PersonName> name;
    std::int64_t epoch = 0;
    std::int64_t sequence = 0;
};
BOOST_DESCRIBE_STRUCT(Contact, (), (customer, email, name, epoch, sequence))

/// One message about one event, sent once.
struct Message {
    MessageId id;
    TemplateName template_;
    users::CustomerId customer;
    std::map<std::string, std::string> values{}; ///< For the template; holds no contact data.
    MessageStatus status = MessageStatus::waiting;
    int attempts = 0;
    std::optional<Text<1, 200>> problem;
    Instant raised_at{};
    std::optional<Instant> sent_at;
    /// When somebody has to look at it again: not while it is settled or waits for a contact.
    std::optional<Instant> due_at;
    bool contact_came = false; ///< While it was being sent, perhaps too late for that try.
};
BOOST_DESCRIBE_STRUCT(
    Message,
    (),
    (id,
     template_,
     customer,
     values,
     status,
     attempts,
     problem,
     raised_at,
     sent_at,
     due_at,
     contact_came)
)

/// What a try to send came to. `refused` is the mailer's word: a template that makes no mail can be mended.
enum class Outcome { sent, no_contact, try_later, refused };

/// One try, by whoever made it.
struct Tried {
    int attempt = 0; ///< The message's `attempts` when it was taken for this.
    Outcome outcome = Outcome::try_later;
    std::string problem{};
};

/// Takes a message that is due into one's own hands to send it now: whoever makes it `sending` may send, nobody else. A
/// sender that died is followed after a minute, and after too many of them the message has failed.
Change<Message> take(const Message& message, Instant now);

/// What became of a try. One without a contact was none, and there is no next one until `wake`. Of two senders, the
/// later one's word counts, but a mail that was sent was sent, whoever says so.
Change<Message> note(const Message& message, const Tried& tried, Instant now);

/// It is known now how to reach the customer.
Change<Message> wake(const Message& message, Instant now);

[[nodiscard]] MessageView view_of(const Message& message);

} // namespace backline::notifications
