#pragma once

#include "platform/store/collection.hpp"
#include "services/users/roles/model.hpp"

#include <string>

/// What is kept about roles beside the accounts.
namespace backline::users {

/// `seats`: one document.
extern const store::CollectionSpec seats_spec;
inline const std::string the_seats = "seats";

using SeatsCollection = store::Collection<Seats>;

} // namespace backline::users
