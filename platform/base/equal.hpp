#pragma once

#include "platform/base/kinds.hpp"

namespace backline {

/// Whether two values of one type are equal in everything that is described.
[[nodiscard]] bool equal(const Type& type, const void* left, const void* right);

} // namespace backline
