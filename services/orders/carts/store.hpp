#pragma once

#include "platform/store/collection.hpp"
#include "services/orders/carts/model.hpp"

/// What is kept about carts.
namespace backline::orders {

/// `carts`: one document per cart.
extern const store::CollectionSpec carts_spec;

using CartCollection = store::Collection<Cart>;

} // namespace backline::orders
