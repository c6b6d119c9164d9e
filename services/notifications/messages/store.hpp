#pragma once

#include "platform/store/collection.hpp"
#include "services/notifications/messages/model.hpp"

/// What is kept about messages.
namespace backline::notifications {

/// `contacts`: one document per customer.
extern const store::CollectionSpec contacts_spec;

/// `messages`: one document per kind and event.
extern const store::CollectionSpec messages_spec;
inline constexpr std::size_t messages_by_due_at = 0;
inline constexpr std::size_t messages_by_time = 1;
inline constexpr std::size_t messages_by_customer = 2;

using ContactCollection = store::Collection<Contact>;
using MessageCollection = store::Collection<Message>;

} // namespace backline::notifications
