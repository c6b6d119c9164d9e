#pragma once

#include "platform/store/collection.hpp"
#include "services/inventory/holds/model.hpp"

/// What is kept about holds.
namespace backline::inventory {

/// `holds`: one document per order that asked for stock.
extern const store::CollectionSpec holds_spec;
inline constexpr std::size_t holds_by_due_at = 0;

using HoldCollection = store::Collection<Hold>;

} // namespace backline::inventory
