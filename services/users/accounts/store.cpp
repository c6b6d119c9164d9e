#include "services/users/accounts/store.hpp"

#include "services/users/errors.hpp"

namespace backline::users {

const store::CollectionSpec users_spec{
    .service = "users",
    .name = "users",
    .indexes =
        {
            {.name = "by_email",
             .fields = {"email_key"},
             .unique = true,
             .taken = &error("email_taken")},
            {.name = "by_registration", .fields = {"registered_at"}},
        }
};

const store::CollectionSpec guests_spec{.service = "users", .name = "guests"};

} // namespace backline::users
