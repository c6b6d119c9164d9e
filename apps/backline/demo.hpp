#pragma once

#include "services/users/service.hpp"

#include <string>
#include <vector>

/// What only a demo has.
namespace backline::app {

/// The accounts that `--demo` makes and prints: one of each role, all with the same password.
[[nodiscard]] std::vector<users::KnownAccount> demo_accounts();

inline constexpr const char* demo_password = "backline demo 2026";

} // namespace backline::app
