#pragma once

#include "platform/store/collection.hpp"
#include "services/users/accounts/model.hpp"

/// What is kept about people.
namespace backline::users {

/// `users`: one document per account; one account per mailbox.
extern const store::CollectionSpec users_spec;
inline constexpr std::size_t users_by_email = 0;
inline constexpr std::size_t users_by_registration = 1;

/// `guests`: one document per guest who said how to be reached.
extern const store::CollectionSpec guests_spec;

using UserCollection = store::Collection<User>;
using GuestCollection = store::Collection<Guest>;

} // namespace backline::users
