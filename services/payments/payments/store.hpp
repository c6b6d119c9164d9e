#pragma once

#include "platform/store/collection.hpp"
#include "services/payments/payments/model.hpp"

/// What is kept about payments.
namespace backline::payments {

/// `payments`: one document per order that asked for money, with its transactions as its log.
extern const store::CollectionSpec payments_spec;
inline constexpr std::size_t payments_by_id = 0;
inline constexpr std::size_t payments_by_status = 1;
inline constexpr std::size_t payments_by_due_at = 2;

using PaymentCollection = store::Collection<Payment>;

} // namespace backline::payments
