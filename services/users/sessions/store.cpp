#include "services/users/sessions/store.hpp"

namespace backline::users {

const store::CollectionSpec sessions_spec{
    .service = "users",
    .name = "sessions",
    .indexes =
        {
            {.name = "by_customer", .fields = {"customer", "started_at"}},
            {.name = "by_refusal", .fields = {"refuse_tokens_until"}},
        }
};

} // namespace backline::users
