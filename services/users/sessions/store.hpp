#pragma once

#include "platform/store/collection.hpp"
#include "services/users/sessions/model.hpp"

/// What is kept about sessions.
namespace backline::users {

/// `sessions`: one document per log-in or guest.
extern const store::CollectionSpec sessions_spec;
inline constexpr std::size_t sessions_by_customer = 0;
inline constexpr std::size_t sessions_by_refusal = 1;

using SessionCollection = store::Collection<Session>;

} // namespace backline::users
