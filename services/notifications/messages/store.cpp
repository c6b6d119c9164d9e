#include "services/notifications/messages/store.hpp"

namespace backline::notifications {

const store::CollectionSpec contacts_spec{.service = "notifications", .name = "contacts"};

const store::CollectionSpec messages_spec{
    .service = "notifications",
    .name = "messages",
    .indexes =
        {
            {.name = "by_due_at", .fields = {"due_at"}},
            {.name = "by_time", .fields = {"raised_at"}},
            {.name = "by_customer", .fields = {"customer", "status"}},
        }
};

} // namespace backline::notifications
