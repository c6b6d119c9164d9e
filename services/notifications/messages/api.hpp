#pragma once

#include "platform/base/text.hpp"
#include "platform/base/time.hpp"
#include "platform/base/type.hpp"
#include "services/notifications/templates/api.hpp"
#include "services/users/events.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>

/// What crosses HTTP about messages.
namespace backline::notifications {

/// waiting (for a contact, or for its next try) -> sending -> sent, or failed for good.
enum class MessageStatus { waiting, sending, sent, failed };
BOOST_DESCRIBE_ENUM(MessageStatus, waiting, sending, sent, failed)

/// Names one message for ever: its kind and what it is about, `order_confirmed/ord_…`.
using MessageId = Text<3, 200>;

/// A message as staff see it: that it went out, never what stood in it or to whom.
struct MessageView {
    MessageId id;
    TemplateName template_;
    users::CustomerId customer;
    MessageStatus status = MessageStatus::waiting;
    int attempts = 0;
    std::optional<Text<1, 200>> problem;
    Instant raised_at{};
    std::optional<Instant> sent_at;
};
BOOST_DESCRIBE_STRUCT(
    MessageView, (), (id, template_, customer, status, attempts, problem, raised_at, sent_at)
)

} // namespace backline::notifications
