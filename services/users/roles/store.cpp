#include "services/users/roles/store.hpp"

namespace backline::users {

const store::CollectionSpec seats_spec{.service = "users", .name = "seats"};

} // namespace backline::users
